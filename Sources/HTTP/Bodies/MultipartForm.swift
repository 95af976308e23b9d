package import Foundation

/// The parts of a `multipart/form-data` body (RFC 7578) that lies in a file.
///
/// The boundary is taken from the body's first line: some clients name another one in the head.
package struct MultipartForm: Sendable {
    private struct Part: Sendable {
        var name: String
        /// Whether it has the name of a file.
        var isFile: Bool
        var fileName: String?
        /// The place of its content.
        var range: Range<Int>
    }

    private static let mostParts = 64
    private static let longestHead = 8192
    private static let longestText = 1 << 20

    private let body: UploadedFile
    private let data: Data
    private let parts: [Part]

    package init(_ body: UploadedFile) throws {
        self.body = body
        data = try Data(contentsOf: body.url, options: .alwaysMapped)
        parts = try data.withUnsafeBytes { bytes throws(HTTPError) in try Self.parts(of: bytes) }
    }

    /// A part as text, whether it has the name of a file or not; `nil` if there is none of the name.
    package func text(_ name: String) throws(HTTPError) -> String? {
        guard let part = parts.first(where: { $0.name == name }) else { return nil }
        guard part.range.count <= Self.longestText, let text = String(data: data[part.range], encoding: .utf8) else {
            throw .malformed("the part “\(name)” of the form has to be text in UTF-8 of at most 1 MiB", field: name)
        }
        return text
    }

    /// The last component of the name that the client gives a file; never to be trusted.
    package func fileName(_ name: String) -> String? {
        let full = parts.first { $0.name == name && $0.isFile }?.fileName
        return full?.split { $0 == "/" || $0 == "\\" }.last.map(String.init)
    }

    /// A part's bytes as a file of its own in a folder; `nil` if there is none of the name, or it is empty.
    package func file(_ name: String, in folder: URL) throws -> UploadedFile? {
        guard let part = parts.first(where: { $0.name == name }), !part.range.isEmpty else { return nil }
        let sink = try UploadSink(folder: folder, expected: part.range.count)
        try data.withUnsafeBytes { bytes in
            for start in stride(from: part.range.lowerBound, to: part.range.upperBound, by: 1 << 20) {
                let end = min(start + 1 << 20, part.range.upperBound)
                try sink.append(UnsafeRawBufferPointer(rebasing: bytes[start..<end]).bytes)
            }
        }
        return UploadedFile(url: sink.release(), count: part.range.count)
    }

    private static func parts(of bytes: UnsafeRawBufferPointer) throws(HTTPError) -> [Part] {
        guard bytes.starts(with: [0x2d, 0x2d]), let first = find([0x0d, 0x0a], in: bytes, from: 0), first <= 2 + 200,
            first > 2
        else { throw malformed("it does not begin with its boundary") }
        let delimiter = [0x0d, 0x0a] + trimmed(bytes[0..<first])
        var parts: [Part] = []
        var place = first + 2
        while true {
            guard parts.count < mostParts else { throw malformed("it has more than \(mostParts) parts") }
            // A part may have no head at all.
            guard let end = find([0x0d, 0x0a, 0x0d, 0x0a], in: bytes, from: place - 2), end - place <= longestHead
            else {
                throw malformed("the head of a part does not end")
            }
            let head = end < place ? "" : String(decoding: bytes[place..<end], as: UTF8.self)
            let start = end + 4
            guard let stop = find(delimiter, in: bytes, from: start - 2) else {
                throw malformed("its last part does not end; was it cut off?")
            }
            if let part = part(head, max(start, stop) == stop ? start..<stop : start..<start) { parts.append(part) }
            place = stop + delimiter.count
            if bytes[place...].starts(with: [0x2d, 0x2d]) { return parts }
            guard let line = find([0x0d, 0x0a], in: bytes, from: place), line - place <= 200 else {
                throw malformed("its last part does not end; was it cut off?")
            }
            place = line + 2
        }
    }

    /// `nil` for a part without a name.
    private static func part(_ head: String, _ range: Range<Int>) -> Part? {
        let lines = head.split(separator: "\r\n")
        let disposition = lines.first { $0.lowercased().hasPrefix("content-disposition:") }
        guard let disposition else { return nil }
        let values = parameters(of: disposition)
        guard let name = values["name"] else { return nil }
        let fileName = values["filename"] ?? values["filename*"]
        return Part(name: name, isFile: fileName != nil, fileName: fileName, range: range)
    }

    /// What stands behind semicolons, by name in lower case; quoted values may have semicolons and `\"` in them.
    private static func parameters(of line: Substring) -> [String: String] {
        var values: [String: String] = [:]
        var rest = line.drop { $0 != ";" }
        while rest.first == ";" {
            rest = rest.dropFirst()
            let name = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest.dropFirst(name.count)
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst()
            var value = ""
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while let next = rest.first, next != "\"" {
                    rest = rest.dropFirst()
                    // Only a quote is escaped: some clients send the backslashes of their paths as they are.
                    if next == "\\", rest.first == "\"" {
                        value.append("\"")
                        rest = rest.dropFirst()
                    } else {
                        value.append(next)
                    }
                }
                rest = rest.drop { $0 != ";" }
            } else {
                value = String(rest.prefix { $0 != ";" })
                rest = rest.dropFirst(value.count)
            }
            values[name.filter { !$0.isWhitespace }.lowercased()] = value
        }
        return values
    }

    /// The first place of a word at or after `start`.
    private static func find(_ word: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start >= 0, let first = word.first, let base = bytes.baseAddress else { return nil }
        var place = start
        while place + word.count <= bytes.count {
            let most = bytes.count - word.count + 1 - place
            guard let found = memchr(base + place, CInt(first), most) else { return nil }
            place = UnsafeRawPointer(found) - base
            if memcmp(base + place, word, word.count) == 0 { return place }
            place += 1
        }
        return nil
    }

    private static func trimmed(_ line: Slice<UnsafeRawBufferPointer>) -> [UInt8] {
        var line = Array(line)
        while line.last == 0x20 || line.last == 0x09 { line.removeLast() }
        return line
    }

    private static func malformed(_ detail: String) -> HTTPError {
        .malformed("the body is no multipart/form-data: \(detail)", field: "body")
    }
}
