/// What is sent after a reply's head.
package enum ResponseBody: Sendable {
    case empty
    case bytes([UInt8])
    case file(FileBody)
    case stream(StreamBody)

    /// Its length in bytes, where that is known beforehand.
    package var count: Int? {
        switch self {
        case .empty: 0
        case .bytes(let bytes): bytes.count
        case .file(let file): file.range.count
        case .stream: nil
        }
    }

    /// All of it in memory; a stream is run to its end.
    package func bytes() async throws -> [UInt8] {
        switch self {
        case .empty: []
        case .bytes(let bytes): bytes
        case .file(let file): try file.bytes()
        case .stream(let stream): try await stream.bytes()
        }
    }
}
