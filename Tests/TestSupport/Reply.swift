package import HTTP

/// An answer as a client sees it.
package struct Reply: Sendable {
    package var status: Int
    package var headers: Headers
    package var body: [UInt8]
    /// Whether the body came to its announced end.
    package var isWhole = true

    package init(status: Int, headers: Headers, body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package var text: String { String(decoding: body, as: UTF8.self) }
}
