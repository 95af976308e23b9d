/// A single training of an experiment, and what it is scored on.
package struct Trial: Codable, Hashable, Sendable {
    /// The voxels that the trained network is scored on.
    package struct Test: Codable, Hashable, Sendable {
        /// These slices; `nil` for the dense truth of the volumes.
        package var slices: [VolumeSlice]?
        package var volumes: [String]
        /// Planes whose voxels are not scored.
        package var except: [VolumeSlice]

        package init(slices: [VolumeSlice]?, volumes: [String], except: [VolumeSlice] = []) {
            self.slices = slices
            self.volumes = volumes
            self.except = except
        }
    }

    /// The column of the table, or line of the plot, that it belongs to.
    package var series: String
    /// The row of the table that it belongs to.
    package var label: String
    /// Its position on the plot's axis, if that has numbers.
    package var x: Double?
    /// The slices that are learned from.
    package var training: [VolumeSlice]
    package var test: Test
    package var recipe: Recipe
    package var budget: Budget
    /// How many of the experiment's classes it learns, the first ones; `nil` for all.
    package var classes: Int?

    package init(
        series: String, label: String, x: Double? = nil, training: [VolumeSlice], test: Test, recipe: Recipe,
        budget: Budget, classes: Int? = nil
    ) {
        self.series = series
        self.label = label
        self.x = x
        self.training = training
        self.test = test
        self.recipe = recipe
        self.budget = budget
        self.classes = classes
    }

    /// A title for logs.
    package var title: String { "\(series), \(label)" }
}
