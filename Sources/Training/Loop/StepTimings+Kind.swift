package import Network

extension StepTimings {
    /// The properties of a training that its pace depends on, besides the machine.
    package struct Kind: Hashable, Sendable {
        /// A training volume.
        package struct Volume: Hashable, Sendable {
            var name: String
            /// Whether some of its slices are held out, and have to be scored.
            var hasHeldOut: Bool
        }

        var configuration: UNetConfiguration
        var patch: PatchShape
        var batch: Int
        var sampling: SamplingSettings
        var augmentation: Augmentation
        var optimizer: OptimizerSettings.Kind
        var threads: Int
        var volumes: [Volume]

        package init(
            _ configuration: UNetConfiguration, patch: PatchShape, recipe: Recipe, threads: Int,
            volumes: [TrainingVolume]
        ) {
            self.configuration = configuration
            self.patch = patch
            batch = recipe.batch
            sampling = recipe.sampling
            augmentation = recipe.augmentation
            optimizer = recipe.optimizer.kind
            self.threads = threads
            self.volumes = volumes.map { Volume(name: $0.name, hasHeldOut: !$0.heldOut.isEmpty) }
        }
    }

    /// The properties that decide the number of steps: equal trainings take the same number.
    package struct Training: Hashable, Sendable {
        var kind: Kind
        var budget: Budget
        /// The number of annotated voxels of each class.
        var counts: [Int]

        package init(_ kind: Kind, budget: Budget, counts: [Int]) {
            self.kind = kind
            self.budget = budget
            self.counts = counts
        }
    }
}
