import HTTP

/// A reply as a client sees it.
struct Reply: Sendable {
    var status: Int
    var headers: Headers
    var body: [UInt8]
    /// Whether the body came to its announced end.
    var isWhole = true

    var text: String { String(decoding: body, as: UTF8.self) }
}
