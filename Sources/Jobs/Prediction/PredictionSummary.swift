internal import Training

/// The short form of a report on one volume, in a job's result and a model's metrics.
struct PredictionSummary: Codable, Sendable {
    struct Part: Codable, Sendable {
        var voxels: Int
        var meanIoU: Double?
        /// By class; classes whose IoU is 0/0 are left out.
        var iou: [String: Double]
        /// By class, to be summed over volumes; not stored.
        var classes: [Scores.Class] = []

        enum CodingKeys: String, CodingKey {
            case voxels, iou
            case meanIoU = "mean_iou"
        }

        init(_ scores: Scores) {
            voxels = scores.voxels
            meanIoU = scores.meanIoU
            iou = [:]
            classes = scores.classes
            for item in scores.classes { iou[item.name] = item.iou }
        }
    }

    var volume: String
    var training: Part?
    var heldout: Part?
    var truth: Part?

    /// The warning if the prediction does not agree with the slices that its model learned from.
    var warning: String? { Self.warning(training?.meanIoU, volume: volume) }

    static func warning(_ meanIoU: Double?, volume: String) -> String? {
        LearningWarnings.of(meanIoU, on: "the slices of \(volume) that it learned from")
    }

    init(volume: String, report: Report) {
        self.volume = volume
        training = report.training.map(Part.init)
        heldout = report.heldout.map(Part.init)
        truth = report.truth.map(Part.init)
    }
}

extension [PredictionSummary] {
    /// The mean IoU over the held-out voxels of all volumes together, that of the report if it is one; `nil` if there are
    /// none.
    var heldOutIoU: Double? {
        let reports = compactMap(\.heldout?.classes)
        let scores = (0..<(reports.map(\.count).max() ?? 0)).compactMap { value -> Double? in
            let counts = reports.compactMap { $0.indices.contains(value) ? $0[value] : nil }
            let hits = counts.reduce(0) { $0 + $1.tp }
            let union = counts.reduce(hits) { $0 + $1.fp + $1.fn }
            return union > 0 ? Double(hits) / Double(union) : nil
        }
        return scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count)
    }
}
