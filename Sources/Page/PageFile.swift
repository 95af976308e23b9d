internal import Cryptography
internal import Text

/// A file of the page that people work with in a browser.
package struct PageFile: Sendable {
    /// Its path below `Sources/Page`, such as `view/slice-view.js`.
    package let path: String
    package let bytes: [UInt8]
    /// The SHA-256 hash of the bytes, in hexadecimal.
    package let hash: String

    init(_ path: String, _ bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
        hash = SHA256.hash(bytes).hexadecimal
    }

    /// Its media type, by its name; `nil` for a name whose type isn't known here.
    package var type: String? {
        switch path.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        default: nil
        }
    }
}
