internal import Foundation

/// What the network is punished for.
package struct LossSettings: Codable, Hashable, Sendable {
    package enum Kind: String, CaseIterable, Codable, Sendable {
        case crossEntropy = "cross-entropy"
        /// With one minus the mean soft Dice of the classes over the labelled voxels of a step.
        case crossEntropyAndDice = "cross-entropy+dice"
    }

    /// How much a voxel of each class counts; unless given, scaled to a mean of 1 over the classes that are annotated.
    package enum ClassWeights: Hashable, Sendable {
        /// 1 / √frequency: rare classes are heard without being over-predicted.
        case balanced
        /// 1 / frequency: every class has the same say in all, as in Çiçek et al. 2016.
        case inverse
        /// All voxels alike.
        case none
        /// Given, one per class.
        case fixed([Double])
    }

    package var kind: Kind
    package var classWeights: ClassWeights
    /// The weight of Dice beside the cross-entropy, where it counts.
    package var dice: Double
    /// The weight of each coarser level's loss beside that of the level above it (deep supervision); 0 for none.
    package var deep: Double

    private enum CodingKeys: String, CodingKey {
        case kind, dice, deep
        case classWeights = "class_weights"
    }

    package init(kind: Kind, classWeights: ClassWeights, dice: Double = 1, deep: Double = 0) {
        self.kind = kind
        self.classWeights = classWeights
        self.dice = dice
        self.deep = deep
    }

    /// The weight of Dice in the loss, 0 without it.
    var diceWeight: Double { kind == .crossEntropyAndDice ? dice : 0 }

    /// The weight of each class, from its number of annotated voxels; unless given, 0 for a class without any.
    package func weights(counts: [Int]) throws(TrainingError) -> [Float] {
        if case .fixed(let given) = classWeights {
            guard given.count == counts.count else {
                throw .invalid(
                    field: "loss.class_weights",
                    detail: "has \(given.count) weights; the classes are \(counts.count)")
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

extension LossSettings.ClassWeights: Codable {
    package init(from decoder: any Decoder) throws {
        self = try Self(JSONValue(from: decoder), StrictFields(.object([:]), path: "loss"))
    }

    /// Reads the word or the numbers.
    init(_ value: JSONValue, _ fields: StrictFields) throws(TrainingError) {
        let key = "class_weights"
        switch value {
        case .string("balanced"): self = .balanced
        case .string("inverse"): self = .inverse
        case .string("none"): self = .none
        case .array(let values):
            var weights: [Double] = []
            for value in values { weights.append(try fields.number(value, key, in: 0...1e6)) }
            self = .fixed(weights)
        default:
            throw fields.wrong(
                key, value, expected: "\"balanced\", \"inverse\", \"none\" or one weight for each class")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .balanced: try container.encode("balanced")
        case .inverse: try container.encode("inverse")
        case .none: try container.encode("none")
        case .fixed(let weights): try container.encode(weights)
        }
    }
}
