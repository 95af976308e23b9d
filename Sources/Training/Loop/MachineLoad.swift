internal import Foundation

/// What the machine's cores were used for, up to a moment; the difference of two tells of the time between them.
struct MachineLoad {
    /// Seconds of all cores, of those in use, and of this process.
    private let all: Double
    private let used: Double
    private let own: Double

    /// Nil where the system doesn't tell.
    init?() {
        // "cpu  user nice system idle iowait irq softirq steal guest guest_nice"; user includes guest.
        guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
            let line = text.split(separator: "\n").first, line.hasPrefix("cpu ")
        else { return nil }
        let ticks = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
        let perSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        guard ticks.count == 8, perSecond > 0 else { return nil }
        let idle = ticks[3] + ticks[4]
        all = ticks.reduce(0, +) / perSecond
        used = (ticks.reduce(0, +) - idle) / perSecond
        own = Double(clock()) / Double(CLOCKS_PER_SEC)
    }

    /// The share of the cores' time, 0 … 1, that other programs and other machines on the same hardware used since
    /// an earlier moment.
    func others(since start: MachineLoad) -> Double {
        let passed = all - start.all
        guard passed > 0 else { return 0 }
        return min(max((used - start.used - (own - start.own)) / passed, 0), 1)
    }
}
