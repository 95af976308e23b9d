/// An entity tag: names one representation of a resource (RFC 9110, 8.8.3).
package struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    /// The text between the quotes.
    package var opaque: String
    /// Whether the tag is weak: it stands for equivalent content, not for the same bytes.
    package var isWeak = false

    package init(_ opaque: String) { self.opaque = opaque }

    /// Parses a tag as written in a header, `"v1"` or `W/"v1"`; nil for anything else.
    package init?(parsing text: some StringProtocol) {
        let bare = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
        guard bare.utf8.count >= 2, bare.first == "\"", bare.last == "\"", !bare.dropFirst().dropLast().contains("\"")
        else { return nil }
        opaque = String(bare.dropFirst().dropLast())
        isWeak = text.hasPrefix("W/")
    }

    package var description: String { (isWeak ? "W/" : "") + "\"\(opaque)\"" }

    /// Whether two tags name equivalent content: the weak comparison.
    package func matches(_ other: EntityTag) -> Bool { opaque == other.opaque }

    /// Whether two tags name the same bytes: the strong comparison.
    package func isSame(as other: EntityTag) -> Bool { !isWeak && !other.isWeak && opaque == other.opaque }
}

extension Response {
    /// The entity tag of the response.
    package var entityTag: EntityTag? {
        get { headers["ETag"].flatMap { EntityTag(parsing: $0) } }
        set { headers["ETag"] = newValue?.description }
    }
}
