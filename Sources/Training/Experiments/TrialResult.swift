internal import Volumes

/// The result of a trial.
package struct TrialResult: Codable, Hashable, Sendable {
    package var series: String
    package var label: String
    package var x: Double?
    /// Names of the volumes learned from.
    package var learntFrom: [String]
    /// Names of the volumes scored.
    package var scoredOn: [String]
    /// The number of slices learned from, by axis.
    package var slices: [String: Int]
    package var steps: Int
    /// Of training.
    package var seconds: Double
    package var predictionSeconds: Double
    /// The number of scored voxels.
    package var voxels: Int
    /// The mean over the classes whose IoU is defined; `nil` if none is.
    package var meanIoU: Double?
    /// One for each class, `nil` where 0/0.
    package var iou: [Double?]
    /// Rows are true classes, columns predicted ones.
    package var confusion: [[Int]]
    /// Why the trial failed, if it did.
    package var error: String?

    package enum CodingKeys: String, CodingKey {
        case series, label, x, slices, steps, seconds, voxels, iou, confusion, error
        case learntFrom = "learnt_from"
        case scoredOn = "scored_on"
        case predictionSeconds = "prediction_seconds"
        case meanIoU = "mean_iou"
    }

    init(_ trial: Trial, classes: Int) {
        series = trial.series
        label = trial.label
        x = trial.x
        learntFrom = Set(trial.training.map(\.volume)).sorted()
        scoredOn = trial.test.volumes
        slices = Dictionary(trial.training.map { ($0.axis.rawValue, 1) }, uniquingKeysWith: +)
        steps = 0
        seconds = 0
        predictionSeconds = 0
        voxels = 0
        iou = [Double?](repeating: nil, count: classes)
        confusion = []
    }

    mutating func take(_ matrix: ConfusionMatrix) {
        voxels = matrix.voxels
        meanIoU = matrix.meanIoU
        for value in 0..<matrix.classes { iou[value] = matrix.iou(value) }
        confusion = matrix.rows
    }
}
