internal import Foundation

/// Shows progress on standard error: a line that is redrawn on a terminal, otherwise a new line every ten seconds.
package final class ProgressLine {
    private let output = FileHandle.standardError
    private let isTerminal: Bool
    private let clock = ContinuousClock()
    private var lastDrawn: ContinuousClock.Instant?
    private var drawn = false

    init(isTerminal: Bool = isatty(STDERR_FILENO) == 1) {
        self.isTerminal = isTerminal
    }

    /// Shows the progress, if the last update is long enough ago; `fraction` is from 0 to 1, `eta` in seconds.
    func show(_ label: String, fraction: Double?, eta: Double? = nil, detail: String = "") {
        let now = clock.now
        if let lastDrawn, now - lastDrawn < (isTerminal ? .milliseconds(100) : .seconds(10)) { return }
        lastDrawn = now
        let line = Self.line(label, fraction: fraction, eta: eta, detail: detail, bar: isTerminal)
        guard isTerminal else { return write(line + "\n") }
        write("\r\u{1b}[K" + line.prefix(Self.columns - 1))
        drawn = true
    }

    /// Replaces the line by a final one.
    func finish(_ line: String) {
        write((drawn ? "\r\u{1b}[K" : "") + line + "\n")
        drawn = false
        lastDrawn = nil
    }

    /// Removes the line, so that something else can be printed.
    func clear() {
        if drawn { write("\r\u{1b}[K") }
        drawn = false
        lastDrawn = nil
    }

    /// The text of the line, with a bar of 24 characters if `bar` is set.
    package static func line(
        _ label: String, fraction: Double?, eta: Double?, detail: String, bar: Bool
    ) -> String {
        var parts = [label]
        if let fraction {
            let share = min(max(fraction, 0), 1)
            if bar {
                let full = Int((share * 24).rounded(.down))
                parts.append(String(repeating: "█", count: full) + String(repeating: "░", count: 24 - full))
            }
            parts.append("\(Int(share * 100)) %")
        }
        if !detail.isEmpty { parts.append(detail) }
        if let eta { parts.append("\(duration(eta)) left") }
        return parts.joined(separator: "  ")
    }

    /// A duration as `42 s`, `3:05 min` or `2:10 h`.
    package static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return "?" }
        let whole = Int(min(seconds, 1e9).rounded())
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3600: return "\(whole / 60):\(padded(whole % 60)) min"
        default: return "\(whole / 3600):\(padded(whole / 60 % 60)) h"
        }
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static var columns: Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
        return Int(size.ws_col)
    }

    private func write(_ text: some StringProtocol) {
        try? output.write(contentsOf: Data(text.utf8))
    }
}
