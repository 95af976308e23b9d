package import Foundation
internal import Synchronization

/// Which kernels compute a convolution: measured once for each shape on a machine, then stored, in a file if possible,
/// so that a machine always computes the same.
package final class KernelTuning: Sendable {
    static let shared = KernelTuning(file: KernelTuning.usualFile)

    /// Measures whether the project's own kernels are to be preferred; nil if the measurement is too noisy.
    package typealias Measure = @Sendable (ConvolutionShape, Tensor.Order, Engine) -> Bool?

    private let file: URL?
    private let measure: Measure
    private let known: Mutex<[String: Bool]>

    /// Reads earlier choices from the file, if it exists.
    package init(file: URL?, measure: @escaping Measure = KernelTuning.measured) {
        self.file = file
        self.measure = measure
        var known: [String: Bool] = [:]
        let text = file.flatMap { try? String(contentsOf: $0, encoding: .utf8) } ?? ""
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            if parts.count == 2 { known[String(parts[0])] = parts[1] == "own" }
        }
        self.known = Mutex(known)
    }

    /// Whether the project's own kernels compute a convolution; measures it if there is no choice yet.
    package func prefersOwn(_ shape: ConvolutionShape, order: Tensor.Order, on engine: Engine) -> Bool {
        let key = KernelTuning.key(shape, order: order, on: engine)
        if let choice = known.withLock({ $0[key] }) { return choice }
        let measured = measure(shape, order, engine)
        let choice = measured ?? true
        // If several threads measured at the same time, the first result counts for all.
        let decided = known.withLock { known in
            if let first = known[key] { return (first, false) }
            known[key] = choice
            return (choice, true)
        }
        if decided.1, measured != nil { remember("\(key)\t\(choice ? "own" : "oneDNN")\n") }
        return decided.0
    }

    /// Runs both kinds of kernels in turn, several times.
    ///
    /// oneDNN's kernels are chosen only if they are clearly faster. The result is nil if the machine was too busy, so
    /// that noise decides nothing beyond this process. If one kind is many times slower, one or two runs are enough, as
    /// they may take long.
    package static func measured(_ shape: ConvolutionShape, order: Tensor.Order, on engine: Engine) -> Bool? {
        guard let own = try? KernelTrial(shape, order: order, own: true, engine: engine) else { return false }
        guard let other = try? KernelTrial(shape, order: order, own: false, engine: engine) else { return true }
        var times: (own: [Double], other: [Double]) = ([], [])
        for _ in 0..<12 {
            guard let one = try? own.seconds(), let two = try? other.seconds() else { return nil }
            times.own.append(one)
            times.other.append(two)
            guard let best = times.own.min(), let others = times.other.min() else { continue }
            if max(best, others) > (times.own.count == 1 ? 10 : 5) * min(best, others) { return best <= others }
        }
        times.own.sort()
        times.other.sort()
        // The machine was idle if half of the runs took at most a third longer than the best.
        guard times.own[6] < 1.33 * times.own[0], times.other[6] < 1.33 * times.other[0] else { return nil }
        return times.own[0] <= 1.2 * times.other[0]
    }

    /// Appends a line by a single write, so that lines of processes that run at the same time do not mix.
    private func remember(_ line: String) {
        guard let file else { return }
        try? FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let descriptor = open(file.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        _ = line.withCString { write(descriptor, $0, strlen($0)) }
    }

    private static func key(_ shape: ConvolutionShape, order: Tensor.Order, on engine: Engine) -> String {
        let sources = shape.sources.map { "\($0.channels)" }.joined(separator: "+")
        let extent = shape.sources[0].extent.map(String.init).joined(separator: "×")
        let kernel = shape.kernel.map(String.init).joined(separator: "×")
        return [
            processor, engine.instructionSet.rawValue, "\(engine.threads) threads",
            "\(shape.sources[0].batch)×\(sources)→\(shape.outputs)", extent, kernel, "padding \(shape.padding)",
            "\(order)",
        ].joined(separator: ", ")
    }

    private static let processor: String = {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }()

    /// `slicewise/kernels` in the user's cache folder.
    private static var usualFile: URL? {
        let environment = ProcessInfo.processInfo.environment
        let folder =
            environment["XDG_CACHE_HOME"].map { URL(filePath: $0) }
            ?? environment["HOME"].map { URL(filePath: $0).appending(path: ".cache") }
        return folder?.appending(path: "slicewise/kernels")
    }
}
