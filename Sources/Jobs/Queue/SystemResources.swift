internal import Foundation

/// The memory available to a job, in bytes.
package enum SystemResources {
    /// The machine's memory, or the limit of one of the process's control groups if that is less.
    package static var inMemory: Int { memory(of: Int(clamping: ProcessInfo.processInfo.physicalMemory)) }

    /// For a tile of a prediction; a whole volume and single slices may be predicted at the same time, beside all else.
    static let forTiles = tiles(of: inMemory)

    package static func tiles(of memory: Int) -> Int { min(max((memory - 256 << 20) / 2, 32 << 20), 960 << 20) }

    /// The memory of a machine within the limits of control groups, of version 1 and 2, whose files are below `root`.
    package static func memory(of machine: Int, root: String = "") -> Int {
        // "0::/system.slice/slicewise.service", or "4:memory:/…"; in a container the path is "/", or not there.
        let groups = (try? String(contentsOfFile: "\(root)/proc/self/cgroup", encoding: .utf8)) ?? ""
        var least = machine
        for group in groups.split(separator: "\n") {
            let parts = group.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let isFirstVersion = parts[1].split(separator: ",").contains("memory")
            guard isFirstVersion || parts[1].isEmpty else { continue }
            let base = "\(root)/sys/fs/cgroup" + (isFirstVersion ? "/memory" : "")
            let files = isFirstVersion ? ["memory.limit_in_bytes"] : ["memory.max", "memory.high"]
            // The limits of the groups above hold, too.
            var names = parts[2].split(separator: "/")
            while true {
                let folder = ([base] + names.map(String.init)).joined(separator: "/")
                for limit in files.compactMap({ limit("\(folder)/\($0)") }) { least = min(least, limit) }
                if names.popLast() == nil { break }
            }
        }
        return least
    }

    private static func limit(_ path: String) -> Int? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// A number of bytes as text for messages.
    static func words(_ bytes: Int) -> String {
        bytes < 1_000_000_000
            ? "\((bytes + 999_999) / 1_000_000) MB" : "\((Double(bytes) / 100_000_000).rounded(.up) / 10) GB"
    }
}
