internal import Foundation

/// The memory available to a job, in bytes.
enum SystemResources {
    /// The machine's memory, or the limit of the process's control group if that is less.
    static var inMemory: Int {
        let machine = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        // "0::/system.slice/slicewise.service"; in a container the path is "/".
        guard let text = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8),
            let group = text.split(separator: "\n").first(where: { $0.hasPrefix("0::") })?.dropFirst(3),
            let limit = try? String(contentsOfFile: "/sys/fs/cgroup\(group)/memory.max", encoding: .utf8),
            let bytes = Int(limit.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return machine }
        return min(machine, bytes)
    }

    /// A number of bytes as text for messages.
    static func words(_ bytes: Int) -> String {
        bytes < 1_000_000_000
            ? "\((bytes + 999_999) / 1_000_000) MB" : "\((Double(bytes) / 100_000_000).rounded(.up) / 10) GB"
    }
}
