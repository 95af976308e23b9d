internal import Foundation
internal import JSON
internal import Network

/// What interrupted work is resumed from: its state, and the last checkpoint of its training.
///
/// As bytes: the length of the state (8 bytes, little-endian), the state as JSON, the checkpoint as safetensors.
struct JobCheckpoint<State: Codable & Sendable>: Sendable {
    var state: State
    /// `nil` between two trainings.
    var checkpoint: Checkpoint?

    init(_ state: State, checkpoint: Checkpoint?) {
        self.state = state
        self.checkpoint = checkpoint
    }

    /// `nil` if the bytes hold no work of this kind that can be resumed.
    init?(_ bytes: Data) {
        let bytes = Data(bytes)
        guard bytes.count > 8 else { return nil }
        let length = bytes.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(bytes.count - 8) else { return nil }
        let end = 8 + Int(length)
        guard let state = try? JSONDecoder().decode(State.self, from: bytes[8..<end]) else { return nil }
        self.init(state, checkpoint: nil)
        guard end < bytes.count else { return }
        guard let checkpoint = try? Checkpoint(Data(bytes[end...])), checkpoint.canResume else { return nil }
        self.checkpoint = checkpoint
    }

    func encoded() throws -> Data {
        let text = Data(try JSONText.encode(state).utf8)
        var bytes = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
        bytes.append(text)
        if let checkpoint { bytes.append(checkpoint.encoded) }
        return bytes
    }
}
