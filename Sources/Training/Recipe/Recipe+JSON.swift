package import Foundation
package import JSON
package import Network
internal import Volumes

extension UNetConfiguration.Padding: CaseIterable { package static let allCases: [Self] = [.same, .valid] }
extension UNetConfiguration.Normalization: CaseIterable {
    package static let allCases: [Self] = [.none, .batch, .instance]
}
extension BatchNormStatistics: CaseIterable { package static let allCases: [Self] = [.running, .current] }

extension Recipe {
    /// Every key of a recipe with its schema and its property.
    ///
    /// Reading, writing and the schema for clients all use this; `Documentation/Recipes.md` says what each key means.
    package static let record = JSONRecord<Recipe>(
        "Recipe", "How a network is shaped and trained; the preset has the values of missing keys.",
        [
            JSONField("preset", \.preset, .choice, "The preset that missing keys are taken from"),
            JSONField(
                "base", \.base, JSONSchema.integer(in: 1...256).orAuto,
                "Channels after the first convolution; doubled at every level"),
            JSONField(
                "levels", \.levels, JSONSchema.integer(in: 1...7).orAuto,
                "The number of resolutions; auto is the preset's, or fewer where a volume is short"),
            JSONField(
                "dimensions", \.dimensions, .integer(in: 2...3), "3, or 2 for a network that sees each z slice alone"),
            JSONField(
                "pooling", \.pooling, LevelSizes.schema(of: (1, 2)),
                "The windows z, y, x of the pooling below each level but the last"),
            JSONField(
                "kernels", \.kernels, LevelSizes.schema(of: (1, 3)),
                "The kernels z, y, x of each level's convolutions"),
            JSONField(
                "padding", \.padding, .choice,
                "Whether convolutions keep the extent (same) or lose a voxel on each side (valid)"),
            JSONField("norm", \.norm, .choice, "The normalization before each ReLU"),
            JSONField(
                "statistics", \.statistics, JSONSchema<BatchNormStatistics>.choice.orAuto,
                "What batch normalization uses at prediction: the training's statistics, or those of the tile"),
            JSONField(
                "test_time_mirror", \.testTimeMirror, Augmentation.axes.orAuto,
                "A prediction is the mean of those of the volume reversed along these axes"),
            JSONField("inputs", \.inputs, inputs, "Features that the network sees beside each channel; null for none"),
            JSONField(
                "intensities", \.intensities, .choice,
                "By which voxels' mean and deviation intensities are scaled: without padding and outliers, or by all"),
            JSONField(
                "spacing", \.spacing, GridSpacing.schema,
                "The spacing that the network sees: each volume's own, the median of those trained on, or a given one"),
            JSONField("patch", \.patch, patch.orAuto, "The extent of a patch in voxels"),
            JSONField("batch", \.batch, .integer(in: 1...64), "Patches in a step"),
            JSONField("sampling", \.sampling, SamplingSettings.record, "Which patches are drawn"),
            JSONField("optimizer", \.optimizer, OptimizerSettings.record, "How weights are moved"),
            JSONField(
                "steps", \.steps, StepPlan.schema.orAuto,
                "Training steps, or plans [after, steps] for them; auto takes them from the budget"),
            JSONField("loss", \.loss, LossSettings.record, "What is minimized"),
            JSONField(
                "average", \.average, JSONSchema.record(Averaging.record, over: Averaging(decay: 0.99)).orNothing,
                "Predict with an average of the weights over the last steps; null for the last weights"),
            JSONField("heldout", \.heldOut, HeldOutSettings.record, "What the scores of held-out slices decide"),
            JSONField("augmentation", \.augmentation, Augmentation.record, "How patches are varied"),
            JSONField(
                "precision", \.precision, .choice,
                "bf16 keeps what a step remembers in 16 bits; everything is computed in 32-bit floats"),
            JSONField("seed", \.seed, .seed, "The seed of all random numbers of the training"),
        ])

    /// `null` and `false` mean none.
    private static let inputs: JSONSchema<InputFilters> = JSONSchema.record(
        InputFilters.record, over: InputFilters.none
    ).orNothing
        .map {
            $0 ?? InputFilters.none
        } _: {
            $0
        }

    private static let patch = JSONSchema.record(
        JSONRecord<Extent>(
            "PatchExtent", "The extent of a patch, rounded to what the network takes.",
            [
                JSONField("z", \.z, .integer(in: 1...longestPatch), isRequired: true, "Voxels along z"),
                JSONField("y", \.y, .integer(in: 1...longestPatch), isRequired: true, "Voxels along y"),
                JSONField("x", \.x, .integer(in: 1...longestPatch), isRequired: true, "Voxels along x"),
            ]), over: Extent(z: 0, y: 0, x: 0))

    /// The name of a preset, or an object over its preset.
    package static let schema = JSONSchema<Recipe>(
        .either([record.description(), .words(Preset.allCases.map(\.rawValue))])
    ) { value, path throws(JSONError) in
        let field = path.isEmpty ? "recipe" : path
        switch value {
        case .string(let name):
            guard let preset = Preset(rawValue: name) else {
                let names = Preset.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
                throw .invalid(field: field, detail: "\"\(name.prefix(80))\" is not a preset; the presets are \(names)")
            }
            return preset.recipe
        case .object(let members):
            // The other members replace the preset's; a wrong preset is refused when it is read below.
            var preset = Preset.default
            if case .string(let name)? = members["preset"] { preset = Preset(rawValue: name) ?? .default }
            var recipe = preset.recipe
            try record.read(value, into: &recipe, path: path)
            return recipe
        default:
            throw .unexpected(value, at: field, expected: "a preset's name or an object")
        }
    } write: {
        .object(record.write($0))
    }

    /// Reads a JSON text: an object, or a string that names a preset.
    package init(json: Data) throws(TrainingError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(json: json)
        } catch {
            throw TrainingError(error)
        }
        try self.init(value)
    }

    /// The recipe of the preset.
    package init(named name: String) throws(TrainingError) {
        try self.init(.string(name))
    }

    /// Reads an object over its preset, or the name of a preset; `path` is the value's path for messages.
    package init(_ value: JSONValue, path: String = "") throws(TrainingError) {
        self = try TrainingError.reading(Recipe.schema, value, path)
    }
}

extension JSONSchema<UInt64> {
    /// A seed of the random numbers; at most 2⁵³, since not every client can write larger numbers exactly.
    static let seed = JSONSchema<Int>.integer(in: 0...(1 << 53)).map {
        UInt64($0)
    } _: {
        Int(clamping: $0)
    }
}

extension Recipe: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(stored: JSONValue(from: decoder))
    }

    package func encode(to encoder: any Encoder) throws {
        try JSONValue.object(Recipe.record.write(self)).encode(to: encoder)
    }
}
