package import Foundation
internal import JSON
internal import Network
internal import Store
internal import Training

/// How a unit ended on a worker.
///
/// As bytes: the length of the JSON (8 bytes, little-endian), the JSON, and of a training or a trial that was
/// stopped its checkpoint.
package struct WorkResult: Sendable {
    package enum Ending: String, Codable, Sendable {
        /// It is done, or was stopped because the server said so.
        case done
        /// The worker stops: what it has is kept, and the job goes back to the queue.
        case returned
        /// It failed, for a reason that would be the same elsewhere.
        case failed
    }

    struct Head: Codable, Sendable {
        var number: Int
        var ending: Ending
        /// Of a unit that failed.
        var error: String?
        /// Of a prediction that was not stopped.
        var isWhole = false
        /// Of a training.
        var recipe: Recipe?
        var metrics: TrainingMetrics?
        var curve: [CurvePointRecord]?
        var isStopped: Bool?
        /// Of a trial that is done.
        var trial: TrialResult?
    }

    var head: Head
    var checkpoint: Checkpoint?

    /// That of a unit without an outcome: one that failed, or that is given back.
    package init(number: Int, _ ending: Ending, error: String? = nil) {
        head = Head(number: number, ending: ending, error: error)
    }

    /// That of a prediction.
    init(number: Int, isWhole: Bool) { head = Head(number: number, ending: .done, isWhole: isWhole) }

    /// That of a training.
    init(number: Int, _ outcome: TrainingOutcome) {
        head = Head(
            number: number, ending: .done, recipe: outcome.recipe, metrics: outcome.metrics, curve: outcome.curve,
            isStopped: outcome.isStopped)
        checkpoint = outcome.checkpoint
    }

    /// That of a trial, or where it was stopped.
    init(number: Int, _ ending: TrialRun.Ending) {
        head = Head(number: number, ending: .done)
        switch ending {
        case .done(let result): head.trial = result
        case .stopped(let state): checkpoint = state
        }
    }

    /// The outcome of a training; `nil` if it holds none.
    var outcome: TrainingOutcome? {
        guard let checkpoint, let recipe = head.recipe, let metrics = head.metrics, let isStopped = head.isStopped
        else { return nil }
        return TrainingOutcome(
            checkpoint: checkpoint, recipe: recipe, metrics: metrics, curve: head.curve ?? [], isStopped: isStopped)
    }

    /// Why the unit failed; `nil` if it did not.
    package var failure: String? { head.ending == .failed ? head.error ?? "it failed" : nil }

    /// The number of the unit.
    package var number: Int { head.number }

    /// The same, of a worker that stops.
    package var returned: WorkResult {
        var result = self
        if head.ending == .done { result.head.ending = .returned }
        return result
    }

    package func encoded() throws -> Data {
        FramedBytes(text: try JSONText.encode(head, nonFinite: .strings), bytes: checkpoint?.encoded ?? Data()).encoded
    }

    /// Throws `JobError.malformed` for bytes that are none.
    package init(_ bytes: Data) throws {
        let framed = try FramedBytes(bytes)
        do {
            head = try JSONText.decode(from: framed.text, nonFinite: .strings)
            checkpoint = framed.bytes.isEmpty ? nil : try Checkpoint(framed.bytes)
        } catch {
            throw JobError.malformed("the result can't be read: \(error)")
        }
    }
}

/// A text and bytes in one: the length of the text (8 bytes, little-endian), the text, the bytes.
struct FramedBytes {
    var text: String
    var bytes: Data

    init(text: String, bytes: Data) {
        self.text = text
        self.bytes = bytes
    }

    init(_ encoded: Data) throws(JobError) {
        let encoded = Data(encoded)
        let length = encoded.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard encoded.count >= 8, length <= UInt64(encoded.count - 8) else {
            throw .malformed("the body is shorter than it says")
        }
        let end = 8 + Int(length)
        text = String(decoding: encoded[8..<end], as: UTF8.self)
        bytes = Data(encoded[end...])
    }

    var encoded: Data {
        var all = withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { Data($0) }
        all.append(contentsOf: text.utf8)
        all.append(bytes)
        return all
    }
}
