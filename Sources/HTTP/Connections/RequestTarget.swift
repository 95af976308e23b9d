internal import Foundation

/// The target of a request line, byte for byte.
struct RequestTarget: Sendable {
    /// As text; `nil` if it is not UTF-8.
    let text: String?
    /// The path for the log: what is no visible character is written with % and two hexadecimal digits.
    let visiblePath: String
    /// Where libmicrohttpd keeps it, and how many bytes come before a NUL.
    private let place: (start: UInt, count: Int)

    /// Reads libmicrohttpd's copy, which ends at the first NUL.
    init(_ start: UnsafePointer<CChar>?) {
        let bytes = UnsafeRawBufferPointer(start: start, count: start.map { strlen($0) } ?? 0)
        place = (UInt(bitPattern: start), bytes.count)
        text = String(validating: bytes, as: UTF8.self)
        visiblePath = RequestTarget.visible(bytes.prefix { $0 != UInt8(ascii: "?") }, isText: text != nil)
    }

    /// Whether a NUL ended it before the place where the HTTP version begins.
    func isCut(before version: UnsafePointer<CChar>?) -> Bool {
        let end = UInt(bitPattern: version)
        // libmicrohttpd keeps both in the same memory, with one byte between them.
        guard end > place.start, end - place.start < 1 << 20 else { return false }
        return Int(end - place.start) - 1 > place.count
    }

    private static func visible(_ bytes: some Sequence<UInt8>, isText: Bool) -> String {
        var visible: [UInt8] = []
        for byte in bytes {
            if byte > 0x20, byte != 0x7F, byte < 0x80 || isText {
                visible.append(byte)
            } else {
                visible += Array(PercentEncoding.escape(byte).utf8)
            }
        }
        return String(decoding: visible, as: UTF8.self)
    }
}
