import Foundation

/// The folder of reference files that is laid beside the project; nil, said loudly, where it is not there.
func shared(_ path: String) -> URL? {
    let root =
        ProcessInfo.processInfo.environment["SLICEWISE_SHARED"].map { URL(filePath: $0) }
        ?? URL(filePath: #filePath).appending(path: "../../../../shared").standardized
    let file = root.appending(path: path)
    guard FileManager.default.fileExists(atPath: file.path) else {
        print("*** SKIPPED: \(path) is not there; lay the shared folder beside the project or set SLICEWISE_SHARED ***")
        return nil
    }
    return file
}
