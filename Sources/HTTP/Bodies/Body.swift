/// The body of a request, in memory or in a file by its route's policy.
package enum Body: Sendable {
    case empty
    case bytes([UInt8])
    case file(UploadedFile)

    /// Its length in bytes.
    package var count: Int {
        switch self {
        case .empty: 0
        case .bytes(let bytes): bytes.count
        case .file(let file): file.count
        }
    }

    /// The file that a route of policy `.file` receives.
    package var file: UploadedFile? {
        if case .file(let file) = self { file } else { nil }
    }

    /// The whole body in memory; a file is read, or 503 is thrown if bodies take too much memory now.
    package func bytes() throws -> [UInt8] {
        switch self {
        case .empty: []
        case .bytes(let bytes): bytes
        case .file(let file): try file.bytes()
        }
    }

    /// Calls a function with the bytes of the body, piece by piece.
    package func read(_ next: ([UInt8]) throws -> Void) throws {
        switch self {
        case .empty: break
        case .bytes(let bytes): try next(bytes)
        case .file(let file): try file.read(next)
        }
    }
}
