internal import Foundation
internal import JSON
internal import Store

/// A training as MONAI Label tells of it.
struct MONAITask: Sendable {
    /// The only trainer.
    static let trainer = "unet"
    /// Where MONAI Label counts epochs, a fixed number of steps is one.
    static let stepsPerEpoch = 100

    let job: JobRecord
    let points: [CurvePointRecord]

    init(_ job: JobRecord, points: [CurvePointRecord] = []) {
        self.job = job
        self.points = points
    }

    /// 3D Slicer takes whatever is not `RUNNING` as the end, and expects a line of details.
    var json: JSONValue {
        var object: JSONObject = [
            "id": .string(String(job.id)), "status": .string(status), "request": .raw(job.request),
            "start_ts": .string(Self.text(job.started ?? job.created)),
        ]
        if let finished = job.finished { object["end_ts"] = .string(Self.text(finished)) }
        object["details"] = [.string(line)]
        if let model = job.model { object["model"] = .string(model) }
        return .object(object)
    }

    private var status: String {
        switch job.state {
        case .queued, .running: "RUNNING"
        case .succeeded: "DONE"
        case .failed: "ERROR"
        case .cancelled: "STOPPED"
        }
    }

    private var progress: JSONValue {
        job.progress.flatMap { try? JSONValue(json: Data($0.utf8)) } ?? .null
    }

    private var line: String {
        let step = progress["step"].numeric.map { Int($0) } ?? 0
        let steps = progress["steps"].numeric.map { " of \(Int($0))" } ?? ""
        switch job.state {
        case .queued: return "waiting for its turn"
        case .running: return "step \(step)\(steps)"
        case .succeeded: return "done" + (job.model.map { ": the model \($0)" } ?? "")
        case .failed: return job.error ?? "failed"
        case .cancelled: return "stopped" + (job.model.map { "; its last checkpoint is the model \($0)" } ?? "")
        }
    }

    /// How far it is; `total_time` only if it has ended, by which 3D Slicer knows.
    var statistics: JSONValue {
        let step = progress["step"].numeric ?? 0
        let epochs = { (steps: Double) in max(1, Int((steps / Double(Self.stepsPerEpoch)).rounded(.up))) }
        let best = points.compactMap(\.heldOutIoU).max()
        let time = Self.duration(progress["seconds"].numeric ?? 0)
        var object: JSONObject = [
            "epoch": .integer(Int(step) / Self.stepsPerEpoch),
            "total_epochs": .integer(epochs(progress["steps"].numeric ?? step)),
            "start_ts": .integer(Int((job.started ?? job.created).timeIntervalSince1970)),
            "current_time": .string(time), "best_metric": .number(best ?? 0),
        ]
        if job.state.isFinal { object["total_time"] = .string(time) }
        if let loss = points.last?.loss { object["train"] = ["metrics": ["train_loss": .number(loss)]] }
        if let best {
            object["eval"] = [
                "metrics": ["heldout_mean_iou": .number(points.last { $0.heldOutIoU != nil }?.heldOutIoU ?? best)],
                "key_metric_name": "heldout_mean_iou", "best_metric": .number(best),
            ]
        }
        return .object(object)
    }

    /// In UTC, without a zone, as MONAI Label writes times.
    private static func text(_ date: Date) -> String {
        let style = Date.ISO8601FormatStyle().year().month().day().time(includingFractionalSeconds: false)
        return date.formatted(style.dateTimeSeparator(.space))
    }

    private static func duration(_ seconds: Double) -> String {
        let whole = Int(seconds)
        let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
        return "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
    }
}
