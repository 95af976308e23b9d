package import Network

extension StepTimings {
    /// What decides the pace of a training besides the machine.
    package struct Kind: Hashable, Sendable {
        /// A volume that is learned from.
        package struct Volume: Hashable, Sendable {
            var name: String
            /// Whether some of its slices are held out, which have to be scored.
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

    /// What decides the number of steps: equal trainings take equally many.
    package struct Training: Hashable, Sendable {
        var kind: Kind
        var budget: Budget
        /// Annotated voxels of each class.
        var counts: [Int]
        /// The number that was planned first, where it is judged once more.
        var planned: Int?

        package init(_ kind: Kind, budget: Budget, counts: [Int], planned: Int? = nil) {
            self.kind = kind
            self.budget = budget
            self.counts = counts
            self.planned = planned
        }
    }
}
