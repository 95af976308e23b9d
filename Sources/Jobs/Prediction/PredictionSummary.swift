internal import Training

/// The short form of a report on one volume, in a job's result and a model's metrics.
struct PredictionSummary: Codable, Sendable {
    struct Part: Codable, Sendable {
        var voxels: Int
        var meanIoU: Double?
        /// By class; classes whose IoU is 0/0 are left out.
        var iou: [String: Double]

        enum CodingKeys: String, CodingKey {
            case voxels, iou
            case meanIoU = "mean_iou"
        }

        init(_ scores: Scores) {
            voxels = scores.voxels
            meanIoU = scores.meanIoU
            iou = [:]
            for item in scores.classes { iou[item.name] = item.iou }
        }
    }

    var volume: String
    var training: Part?
    var heldout: Part?
    var truth: Part?

    init(volume: String, report: Report) {
        self.volume = volume
        training = report.training.map(Part.init)
        heldout = report.heldout.map(Part.init)
        truth = report.truth.map(Part.init)
    }
}
