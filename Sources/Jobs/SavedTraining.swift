internal import Foundation
internal import Network

/// What an interrupted training goes on from: its plan and its last checkpoint.
///
/// As bytes: the length of the plan (8 bytes, little-endian), the plan as JSON, the checkpoint as safetensors.
struct SavedTraining: Sendable {
    var plan: TrainingPlan
    var checkpoint: Checkpoint

    init(plan: TrainingPlan, checkpoint: Checkpoint) {
        self.plan = plan
        self.checkpoint = checkpoint
    }

    /// `nil` if the bytes hold no training that could go on.
    init?(_ bytes: Data) {
        let bytes = Data(bytes)
        guard bytes.count > 8 else { return nil }
        let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(bytes.count - 8) else { return nil }
        let end = 8 + Int(length)
        guard let plan = try? JSONDecoder().decode(TrainingPlan.self, from: bytes[8..<end]),
            let checkpoint = try? Checkpoint(Data(bytes[end...])), checkpoint.canResume
        else { return nil }
        self.init(plan: plan, checkpoint: checkpoint)
    }

    func encoded() throws -> Data {
        let text = Data(try jsonText(plan).utf8)
        var bytes = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
        bytes.append(text)
        bytes.append(checkpoint.encoded)
        return bytes
    }
}
