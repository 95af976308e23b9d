internal import Foundation

/// The state of a training that a checkpoint stores besides weights, moments, step and random state.
struct TrainerState: Codable {
    static let key = "training"

    var seconds = 0.0
    var curve = Curve()
    var patience = Patience()
    var heldOutIoU: Double?
    /// The held-out IoU of the best weights.
    var bestIoU: Double?
    /// How many steps the training takes; nil if the checkpoint says nothing of it.
    var schedule: StepSchedule?
    /// What the weights to go back to are told by; nil if the checkpoint says nothing of it.
    var watch: LossWatch?
    var loss = 0.0
    /// Whether the training began with random weights; nil if the checkpoint says nothing of it.
    var isNew: Bool?

    private enum CodingKeys: String, CodingKey {
        case seconds, curve, patience, heldOutIoU, bestIoU, loss, schedule, watch, isNew
    }

    /// Reads the metadata of a checkpoint; a new state if it has none.
    init(metadata: [String: String] = [:]) throws {
        guard let text = metadata[TrainerState.key] else { return }
        self = try JSONDecoder().decode(TrainerState.self, from: Data(text.utf8))
    }

    func text() throws -> String { String(decoding: try JSONEncoder().encode(self), as: UTF8.self) }
}
