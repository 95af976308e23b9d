import Foundation

/// The folder of files that several projects' tests share, if this machine has it.
enum Shared {
    static func folder(_ name: String) -> URL? {
        let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared")
        let root = ProcessInfo.processInfo.environment["SLICEWISE_SHARED"].map { URL(fileURLWithPath: $0) } ?? beside
        let folder = root.appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: folder.path) else {
            print("SKIPPED: \(folder.path) is not there; set SLICEWISE_SHARED to test with it")
            return nil
        }
        return folder
    }
}
