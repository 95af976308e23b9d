/// The representations that a client has, by the tags of `If-None-Match`.
package enum EntityTags: Hashable, Sendable {
    /// `*`: any representation.
    case any
    case some([EntityTag])

    /// Parses the values of a header; what is not a tag is ignored.
    package init(parsing values: [String]) {
        let items = values.flatMap(EntityTags.items)
        self = items.contains("*") ? .any : .some(items.compactMap { EntityTag(parsing: $0) })
    }

    package func contains(_ tag: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .some(let tags): tags.contains { $0.matches(tag) }
        }
    }

    /// Whether one of the tags names the same bytes.
    package func containsSame(_ tag: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .some(let tags): tags.contains { $0.isSame(as: tag) }
        }
    }

    /// The items between commas, except commas within quotes.
    private static func items(_ value: String) -> [Substring] {
        var items: [Substring] = []
        var start = value.startIndex
        var isQuoted = false
        for place in value.indices {
            if value[place] == "\"" { isQuoted.toggle() }
            guard value[place] == ",", !isQuoted else { continue }
            items.append(value[start..<place])
            start = value.index(after: place)
        }
        items.append(value[start...])
        return items.map { item in
            var item = item.drop { $0 == " " || $0 == "\t" }
            while item.last == " " || item.last == "\t" { item.removeLast() }
            return item
        }
    }
}

extension RequestHead {
    /// The representations that the client has.
    package var knownTags: EntityTags { EntityTags(parsing: headers.all("If-None-Match")) }
}
