internal import Foundation

/// A failed file operation.
package struct IOError: Error, CustomStringConvertible {
    /// The system's `errno`.
    package let code: CInt
    package let operation: String
    package let path: String

    init(code: CInt, doing operation: String, path: String) {
        self.code = code
        self.operation = operation
        self.path = path
    }

    /// Whether no space is left on the device or in the quota.
    package var isFull: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }

    /// Whether no file can be opened now, since too many are.
    package var isOutOfFiles: Bool { code == EMFILE || code == ENFILE }

    package var description: String { "\(operation) \(path): \(String(cString: strerror(code)))" }
}
