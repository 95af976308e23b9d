/// The name of one representation of something, in quotes (RFC 9110, 8.8.3).
package struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    /// What stands between the quotes.
    package var opaque: String
    /// Whether it stands for content that is the same in effect only.
    package var isWeak = false

    package init(_ opaque: String) { self.opaque = opaque }

    /// Reads a tag as a header has it: `"v1"` or `W/"v1"`; nil for anything else.
    package init?(parsing text: some StringProtocol) {
        let bare = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
        guard bare.utf8.count >= 2, bare.first == "\"", bare.last == "\"", !bare.dropFirst().dropLast().contains("\"")
        else { return nil }
        opaque = String(bare.dropFirst().dropLast())
        isWeak = text.hasPrefix("W/")
    }

    package var description: String { (isWeak ? "W/" : "") + "\"\(opaque)\"" }

    /// Whether two tags name the same content in effect: the weak comparison.
    package func matches(_ other: EntityTag) -> Bool { opaque == other.opaque }

    /// Whether two tags name the same bytes: the strong comparison.
    package func isSame(as other: EntityTag) -> Bool { !isWeak && !other.isWeak && opaque == other.opaque }
}

extension Response {
    /// The name of what it shows.
    package var entityTag: EntityTag? {
        get { headers["ETag"].flatMap { EntityTag(parsing: $0) } }
        set { headers["ETag"] = newValue?.description }
    }
}
