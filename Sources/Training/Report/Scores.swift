internal import Volumes

/// Scores of a prediction on voxels whose true class is known.
package struct Scores: Codable, Hashable, Sendable {
    package struct Class: Codable, Hashable, Sendable {
        package var name: String
        package var tp: Int
        package var fp: Int
        package var fn: Int
        /// `nil` (JSON null) for 0/0; `reason` says why.
        package var iou: Double?
        package var dice: Double?
        package var reason: String?

        private enum CodingKeys: String, CodingKey { case name, tp, fp, fn, iou, dice, reason }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(tp, forKey: .tp)
            try container.encode(fp, forKey: .fp)
            try container.encode(fn, forKey: .fn)
            try container.encode(iou, forKey: .iou)
            try container.encode(dice, forKey: .dice)
            try container.encodeIfPresent(reason, forKey: .reason)
        }
    }

    /// The scores of a part of the voxels.
    package struct Part: Codable, Hashable, Sendable {
        package var voxels: Int
        package var meanIoU: Double?
        /// One for each class, `nil` for 0/0.
        package var iou: [Double?]

        private enum CodingKeys: String, CodingKey {
            case voxels, iou
            case meanIoU = "mean_iou"
        }

        init(_ matrix: ConfusionMatrix) {
            voxels = matrix.voxels
            meanIoU = matrix.meanIoU
            iou = (0..<matrix.classes).map(matrix.iou)
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(voxels, forKey: .voxels)
            try container.encode(meanIoU, forKey: .meanIoU)
            try container.encode(iou, forKey: .iou)
        }
    }

    /// The scores of the voxels in a range of distances from the nearest annotated slice, in voxels along its normal.
    package struct Ring: Codable, Hashable, Sendable {
        package var from: Int
        /// The largest distance; `nil` if unbounded.
        package var to: Int?
        package var part: Part

        private enum CodingKeys: String, CodingKey { case from, to }

        init(from: Int, to: Int?, part: Part) {
            self.from = from
            self.to = to
            self.part = part
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            from = try container.decode(Int.self, forKey: .from)
            to = try container.decodeIfPresent(Int.self, forKey: .to)
            part = try Part(from: decoder)
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(from, forKey: .from)
            try container.encode(to, forKey: .to)
            try part.encode(to: encoder)
        }
    }

    package var voxels: Int
    package var classes: [Class]
    /// The mean over the classes whose IoU is defined; `nil` if none is.
    package var meanIoU: Double?
    /// Rows are true classes, columns predicted ones.
    package var confusion: [[Int]]
    /// By the axis of the scored slice; for a dense truth, by that of the nearest annotated slice.
    package var byAxis: [String: Part]
    package var byDistance: [Ring]

    private enum CodingKeys: String, CodingKey {
        case voxels, classes, confusion
        case meanIoU = "mean_iou"
        case byAxis = "by_axis"
        case byDistance = "by_distance"
    }

    init(_ tally: Tally, names: [String]) {
        let matrix = tally.all
        voxels = matrix.voxels
        meanIoU = matrix.meanIoU
        confusion = matrix.rows
        classes = names.enumerated().map { value, name in
            let iou = matrix.iou(value)
            return Class(
                name: name, tp: matrix.truePositives(value), fp: matrix.falsePositives(value),
                fn: matrix.falseNegatives(value), iou: iou, dice: matrix.dice(value),
                reason: iou == nil ? "neither the truth nor the prediction has this class in the scored voxels" : nil)
        }
        byAxis = Dictionary(
            uniqueKeysWithValues: tally.byAxis.filter { $0.value.voxels > 0 }
                .map { ($0.key.rawValue, Part($0.value)) })
        byDistance = tally.byDistance.enumerated().compactMap { place, matrix in
            guard matrix.voxels > 0 else { return nil }
            return Ring(from: Tally.rings[place].from, to: Tally.rings[place].to, part: Part(matrix))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(voxels, forKey: .voxels)
        try container.encode(classes, forKey: .classes)
        try container.encode(meanIoU, forKey: .meanIoU)
        try container.encode(confusion, forKey: .confusion)
        try container.encode(byAxis, forKey: .byAxis)
        try container.encode(byDistance, forKey: .byDistance)
    }
}
