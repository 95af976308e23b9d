/// The tags of an XML text one after another, with their attributes; text between tags is skipped.
///
/// Safe for untrusted input: document types are refused, so there are no entities besides XML's own five, and nothing
/// outside of the text is loaded.
struct XMLTags {
    struct Tag: Hashable {
        /// Without a namespace prefix.
        var name: String
        var attributes: [String: String] = [:]
        /// Whether it is an end tag.
        var isEnd = false
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark.
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    }

    /// The name of the outermost element; `nil` for a text that is not XML.
    static func root(of bytes: [UInt8]) -> String? {
        var tags = XMLTags(bytes)
        tags.skipSpace()
        guard tags.position < bytes.count, bytes[tags.position] == UInt8(ascii: "<") else { return nil }
        if let tag = try? tags.next() { return tag.name }
        // A document type, which is refused where the text is read, names the element too.
        return String(header: bytes.prefix(4096)).contains("<OME") ? "OME" : nil
    }

    /// The next tag; `nil` after the last.
    mutating func next() throws(VolumeError) -> Tag? {
        while let start = bytes[position...].firstIndex(of: UInt8(ascii: "<")) {
            position = start + 1
            if take("!--") {
                try skip("-->")
            } else if take("![CDATA[") {
                try skip("]]>")
            } else if take("?") {
                try skip("?>")
            } else if take("!") {
                throw .malformed("the file's XML has a document type, which is not supported")
            } else {
                return try tag()
            }
        }
        return nil
    }

    private mutating func tag() throws(VolumeError) -> Tag {
        let isEnd = take("/")
        var tag = Tag(name: Self.local(word()), isEnd: isEnd)
        while true {
            skipSpace()
            if take("/>") || take(">") { return tag }
            let name = word()
            skipSpace()
            guard !name.isEmpty, take("=") else { throw broken }
            skipSpace()
            guard position < bytes.count, [0x22, 0x27].contains(bytes[position]) else { throw broken }
            let rest = bytes[(position + 1)...]
            guard let end = rest.firstIndex(of: bytes[position]) else { throw broken }
            tag.attributes[Self.local(name)] = Self.resolved(rest[..<end])
            position = end + 1
        }
    }

    private var broken: VolumeError {
        .malformed("the file's XML is not well formed, or cut off, at its byte \(position)")
    }

    private mutating func take(_ text: StaticString) -> Bool {
        let found = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
        if found { position += text.utf8CodeUnitCount }
        return found
    }

    /// Skips to the end of the next occurrence of a text.
    private mutating func skip(_ text: StaticString) throws(VolumeError) {
        while !take(text) {
            guard position < bytes.count else { throw broken }
            position += 1
        }
    }

    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] <= 0x20 { position += 1 }
    }

    private mutating func word() -> String {
        let word = bytes[position...].prefix { $0 > 0x20 && !"=<>/\"'".utf8.contains($0) }
        position += word.count
        return String(header: word)
    }

    private static func local(_ name: String) -> String {
        name.split(separator: ":").last.map(String.init) ?? name
    }

    private static func resolved(_ value: ArraySlice<UInt8>) -> String {
        let parts = String(header: value).split(separator: "&", omittingEmptySubsequences: false)
        let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        return (parts.first.map(String.init) ?? "")
            + parts.dropFirst().map { part in
                guard let end = part.firstIndex(of: ";") else { return "&" + part }
                let name = part[..<end]
                let digits = name.hasPrefix("#x") ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst())
                let number = name.hasPrefix("#") ? digits.flatMap(Unicode.Scalar.init).map { String($0) } : nil
                return (entities[String(name)] ?? number ?? "&" + name + ";") + part[part.index(after: end)...]
            }.joined()
    }
}
