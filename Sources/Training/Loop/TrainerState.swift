internal import Foundation

/// What a checkpoint keeps of a training beside weights, moments, step and random state.
struct TrainerState: Codable {
    static let key = "training"

    var seconds = 0.0
    var curve = Curve()
    var patience = Patience()
    var heldOutIoU: Double?
    /// Of the weights that are kept as the best.
    var bestIoU: Double?
    /// How far it is; nil in checkpoints of earlier versions.
    var schedule: StepSchedule?
    var loss = 0.0

    private enum CodingKeys: String, CodingKey {
        case seconds, curve, patience, heldOutIoU, bestIoU, loss
        /// Checkpoints have known it by this name from the first.
        case schedule = "course"
    }

    /// From the metadata of a checkpoint; a new state if it has none.
    init(metadata: [String: String] = [:]) throws {
        guard let text = metadata[TrainerState.key] else { return }
        self = try JSONDecoder().decode(TrainerState.self, from: Data(text.utf8))
    }

    func text() throws -> String { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
}
