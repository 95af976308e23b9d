internal import Foundation
internal import JSON
internal import Text

/// The loss that the training minimizes.
package struct LossSettings: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case crossEntropy = "cross-entropy"
        /// Adds one minus the mean soft Dice of the classes over the labeled voxels of a step.
        case crossEntropyAndDice = "cross-entropy+dice"
    }

    /// The weight of a voxel of each class; unless given, scaled to a mean of 1 over the annotated classes.
    package enum ClassWeights: Hashable, Sendable {
        /// 1 / √frequency: rare classes count more, without being over-predicted.
        case balanced
        /// 1 / frequency: every class has the same total weight, as in Çiçek et al. 2016.
        case inverse
        /// The same weight for all voxels.
        case none
        /// Given weights, one per class.
        case fixed([Double])
    }

    package var kind: Kind
    package var classWeights: ClassWeights
    /// The weight of the Dice term relative to the cross-entropy, if the loss has one.
    package var dice: Double
    /// The weight of each coarser level's loss relative to the next finer one (deep supervision); 0 for none.
    package var deep: Double

    package init(kind: Kind, classWeights: ClassWeights, dice: Double = 1, deep: Double = 0) {
        self.kind = kind
        self.classWeights = classWeights
        self.dice = dice
        self.deep = deep
    }

    /// The weight of the Dice term, 0 if the loss has none.
    var diceWeight: Double { kind == .crossEntropyAndDice ? dice : 0 }

    /// The weight of each class, from its number of annotated voxels; unless given, 0 for a class without any.
    package func weights(counts: [Int]) throws(TrainingError) -> [Float] {
        if case .fixed(let given) = classWeights {
            guard given.count == counts.count else {
                throw .invalid(
                    field: "loss.class_weights",
                    detail: "has \(given.count.counting("weight")); the classes are \(counts.count)")
            }
            guard given.contains(where: { $0 > 0 }) else {
                throw .invalid(field: "loss.class_weights", detail: "are all 0, so that there is nothing to learn")
            }
            return given.map(Float.init)
        }
        let power: Double =
            switch classWeights {
            case .inverse: 1
            case .balanced: 0.5
            default: 0
            }
        let total = Double(counts.reduce(0, +))
        let raw = counts.map { $0 > 0 ? pow(total / Double($0), power) : 0 }
        let present = raw.count { $0 > 0 }
        guard present > 0 else { return raw.map(Float.init) }
        let mean = raw.reduce(0, +) / Double(present)
        return raw.map { Float($0 / mean) }
    }
}

extension LossSettings {
    static let record = JSONRecord<LossSettings>(
        "LossSettings", "The loss that the training minimizes.",
        [
            JSONField("kind", \.kind, .choice, "Cross-entropy, alone or with soft Dice added"),
            JSONField("dice", \.dice, .number(in: 0...100), "The weight of Dice beside the cross-entropy"),
            JSONField(
                "deep", \.deep, .number(in: 0...1),
                "The weight of each coarser level's loss beside that of the level above it; 0 for none"),
            JSONField(
                "class_weights", \.classWeights, ClassWeights.schema,
                "The weight of a voxel of each class: by 1 / √frequency, by 1 / frequency, none, or one number a class"),
        ])
}

extension LossSettings.ClassWeights {
    private static let words: KeyValuePairs<String, Self> = ["balanced": .balanced, "inverse": .inverse, "none": .none]
    private static let numbers = JSONSchema<[Double]>.list(of: .number(in: 0...1e6), "one weight for each class")

    /// A word, or the numbers.
    fileprivate static let schema = JSONSchema<Self>(
        .either([.words(words.map(\.key)), numbers.description])
    ) { value, path throws(JSONError) in
        if let word = words.first(where: { value == .string($0.key) }) { return word.value }
        guard case .array = value else {
            throw .unexpected(
                value, at: path, expected: "\"balanced\", \"inverse\", \"none\" or one weight for each class")
        }
        return .fixed(try numbers.read(value, path))
    } write: { weights in
        if case .fixed(let given) = weights { return numbers.write(given) }
        return words.first { $0.value == weights }.map { .string($0.key) }
    }
}
