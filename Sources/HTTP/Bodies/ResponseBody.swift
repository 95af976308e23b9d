/// The body of a reply.
package enum ResponseBody: Sendable {
    case empty
    case bytes([UInt8])
    case file(FileBody)
    case stream(StreamBody)

    /// Its length in bytes; `nil` if it is not known in advance.
    package var count: Int? {
        switch self {
        case .empty: 0
        case .bytes(let bytes): bytes.count
        case .file(let file): file.range.count
        case .stream: nil
        }
    }

    /// The whole body in memory; a stream is run to its end.
    package func bytes() async throws -> [UInt8] {
        switch self {
        case .empty: []
        case .bytes(let bytes): bytes
        case .file(let file): try file.bytes()
        case .stream(let stream): try await stream.bytes()
        }
    }
}
