package import Foundation
package import Network
internal import Volumes

extension UNetConfiguration.Padding: CaseIterable { package static let allCases: [Self] = [.same, .valid] }
extension UNetConfiguration.Normalization: CaseIterable {
    package static let allCases: [Self] = [.none, .batch, .instance]
}
extension BatchNormStatistics: CaseIterable { package static let allCases: [Self] = [.running, .current] }

extension Recipe {
    /// Reads a JSON text: an object, or a string that names a preset.
    package init(json: Data) throws(TrainingError) {
        try self.init(JSONValue(json: json))
    }

    /// The preset of that name.
    package init(named name: String) throws(TrainingError) {
        try self.init(.string(name))
    }

    /// Reads an object over its preset, or the name of a preset; `path` is where it stands, for messages.
    package init(_ value: JSONValue, path: String = "") throws(TrainingError) {
        if case .string(let name) = value {
            guard let preset = Preset(rawValue: name) else {
                let names = Preset.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
                throw .invalid(
                    field: path.isEmpty ? "recipe" : path, detail: "\"\(name)\" is no preset; known are \(names)")
            }
            self = preset.recipe
            return
        }
        guard case .object = value else {
            throw .invalid(
                field: path.isEmpty ? "recipe" : path,
                detail: "is \(value.kind); a preset's name or an object is expected")
        }
        var fields = try StrictFields(value, path: path)
        let preset: Preset = try fields.choice("preset") ?? .default
        self = preset.recipe
        base = try fields.setting("base", in: 1...256) ?? base
        levels = try fields.setting("levels", in: 1...7) ?? levels
        dimensions = try fields.integer("dimensions", in: 2...3) ?? dimensions
        if let value = fields.take("pooling") { pooling = try LevelSizes(value, "pooling", fields, of: (1, 2)) }
        if let value = fields.take("kernels") { kernels = try LevelSizes(value, "kernels", fields, of: (1, 3)) }
        padding = try fields.choice("padding") ?? padding
        norm = try fields.choice("norm") ?? norm
        statistics = try fields.choiceSetting("statistics") ?? statistics
        if let value = fields.take("test_time_mirror") {
            testTimeMirror = try Augmentation.axes(value, "test_time_mirror", fields)
        }
        if let value = fields.take("patch") { patch = try Recipe.extent(value, path: fields.name("patch")) }
        batch = try fields.integer("batch", in: 1...64) ?? batch
        if let value = fields.take("sampling") { try sampling.read(value, path: fields.name("sampling")) }
        if let value = fields.take("inputs") { inputs = try InputFilters(value, path: fields.name("inputs")) }
        if let value = fields.take("optimizer") { try optimizer.read(value, path: fields.name("optimizer")) }
        if let value = fields.take("average") { average = try Averaging(value, path: fields.name("average")) }
        if let value = fields.take("heldout") { try heldOut.read(value, path: fields.name("heldout")) }
        if let value = fields.take("loss") { try loss.read(value, path: fields.name("loss")) }
        if let value = fields.take("augmentation") { try augmentation.read(value, path: fields.name("augmentation")) }
        precision = try fields.choice("precision") ?? precision
        seed = UInt64(try fields.integer("seed", in: 0...(1 << 53)) ?? Int(seed))
        steps = try fields.setting("steps", in: 1...100_000_000) ?? steps
        try fields.finish()
    }

    private static func extent(_ value: JSONValue, path: String) throws(TrainingError) -> AutoOrFixed<Extent> {
        if case .string("auto") = value { return .auto }
        var fields = try StrictFields(value, path: path)
        var extent = Extent(z: 0, y: 0, x: 0)
        for axis in Axis.allCases {
            guard let size = try fields.integer(axis.rawValue, in: 1...Recipe.longestPatch) else {
                throw .invalid(field: fields.name(axis.rawValue), detail: "is missing; a patch has z, y and x")
            }
            extent[axis] = size
        }
        try fields.finish()
        return .fixed(extent)
    }
}

extension OptimizerSettings {
    fileprivate mutating func read(_ value: JSONValue, path: String) throws(TrainingError) {
        var fields = try StrictFields(value, path: path)
        kind = try fields.choice("kind") ?? kind
        rate = try fields.number("rate", in: 0...10) ?? rate
        momentum = try fields.number("momentum", in: 0...0.9999) ?? momentum
        decay = try fields.number("decay", in: 0...1) ?? decay
        schedule = try fields.choice("schedule") ?? schedule
        try fields.finish()
    }
}

extension Averaging {
    /// `null` and `false` mean none.
    fileprivate init?(_ value: JSONValue, path: String) throws(TrainingError) {
        if value == .null || value == .bool(false) { return nil }
        var fields = try StrictFields(value, path: path)
        self.init(decay: try fields.number("decay", in: 0...0.99999) ?? 0.99)
        try fields.finish()
    }
}

extension HeldOutSettings {
    fileprivate mutating func read(_ value: JSONValue, path: String) throws(TrainingError) {
        var fields = try StrictFields(value, path: path)
        keep = try fields.choice("keep") ?? keep
        patience = try fields.integer("patience", in: 0...100_000) ?? patience
        try fields.finish()
    }
}

extension LossSettings {
    fileprivate mutating func read(_ value: JSONValue, path: String) throws(TrainingError) {
        var fields = try StrictFields(value, path: path)
        kind = try fields.choice("kind") ?? kind
        dice = try fields.number("dice", in: 0...100) ?? dice
        deep = try fields.number("deep", in: 0...1) ?? deep
        if let value = fields.take("class_weights") { classWeights = try ClassWeights(value, fields) }
        try fields.finish()
    }
}

extension Augmentation {
    fileprivate mutating func read(_ value: JSONValue, path: String) throws(TrainingError) {
        var fields = try StrictFields(value, path: path)
        rotation = try fields.number("rotation", in: 0...180) ?? rotation
        if let value = fields.take("scale") {
            guard case .array(let ends) = value, ends.count == 2 else {
                throw fields.wrong("scale", value, expected: "an array of the smallest and the largest factor")
            }
            let low = try fields.number(ends[0], "scale", in: 0.25...4)
            let high = try fields.number(ends[1], "scale", in: 0.25...4)
            guard low <= high else {
                throw .invalid(field: fields.name("scale"), detail: "the smallest factor comes first")
            }
            scale = Scale(low: low, high: high)
        }
        if let value = fields.take("elastic") { elastic = try Elastic(value, path: fields.name("elastic")) }
        turn = try fields.choice("turn") ?? turn
        if let value = fields.take("gray") { gray = try Gray(value, path: fields.name("gray")) }
        noise = try fields.number("noise", in: 0...4) ?? noise
        blur = try fields.number("blur", in: 0...4) ?? blur
        sharpen = try fields.number("sharpen", in: 0...4) ?? sharpen
        if let value = fields.take("mirror") { mirror = try Augmentation.axes(value, "mirror", fields) }
        try fields.finish()
    }

    fileprivate static func axes(
        _ value: JSONValue, _ key: String, _ fields: StrictFields
    ) throws(TrainingError) -> AutoOrFixed<[Axis]> {
        if case .string("auto") = value { return .auto }
        guard case .array(let values) = value else {
            throw fields.wrong(key, value, expected: "\"auto\" or an array of axes")
        }
        var axes: [Axis] = []
        for value in values { axes.append(try fields.choice(value, key)) }
        return .fixed(axes)
    }
}

extension Augmentation.Gray {
    /// `true` means the usual amounts, `false` and `null` none.
    fileprivate init?(_ value: JSONValue, path: String) throws(TrainingError) {
        self.init()
        switch value {
        case .bool(true): return
        case .null, .bool(false): return nil
        default: break
        }
        var fields = try StrictFields(value, path: path)
        gain = try fields.number("gain", in: 0...0.9) ?? gain
        offset = try fields.number("offset", in: 0...4) ?? offset
        curve = try fields.number("curve", in: 0...2) ?? curve
        try fields.finish()
    }
}

extension Augmentation.Elastic {
    /// `null` and `false` mean none.
    fileprivate init?(_ value: JSONValue, path: String) throws(TrainingError) {
        if value == .null || value == .bool(false) { return nil }
        var fields = try StrictFields(value, path: path)
        self.init(spacing: 32, sigma: 4)
        spacing = try fields.number("spacing", in: 4...512) ?? spacing
        sigma = try fields.number("sigma", in: 0...64) ?? sigma
        try fields.finish()
    }
}

extension Recipe: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(JSONValue(from: decoder))
    }

    private enum CodingKeys: String, CodingKey {
        case preset, base, levels, dimensions, pooling, kernels, padding, norm, statistics, patch, batch, sampling
        case inputs, optimizer, average, loss, augmentation, precision, seed, steps
        case heldOut = "heldout"
        case testTimeMirror = "test_time_mirror"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(preset, forKey: .preset)
        try container.encode(base, forKey: .base)
        try container.encode(levels, forKey: .levels)
        try container.encode(dimensions, forKey: .dimensions)
        try container.encode(pooling, forKey: .pooling)
        try container.encode(kernels, forKey: .kernels)
        try container.encode(padding.rawValue, forKey: .padding)
        try container.encode(norm.rawValue, forKey: .norm)
        try container.encode(statistics, forKey: .statistics)
        try container.encode(testTimeMirror, forKey: .testTimeMirror)
        try container.encode(patch, forKey: .patch)
        try container.encode(batch, forKey: .batch)
        try container.encode(sampling, forKey: .sampling)
        try container.encode(inputs, forKey: .inputs)
        try container.encode(optimizer, forKey: .optimizer)
        try container.encode(average, forKey: .average)
        try container.encode(heldOut, forKey: .heldOut)
        try container.encode(loss, forKey: .loss)
        try container.encode(augmentation, forKey: .augmentation)
        try container.encode(precision, forKey: .precision)
        try container.encode(seed, forKey: .seed)
        try container.encode(steps, forKey: .steps)
    }
}
