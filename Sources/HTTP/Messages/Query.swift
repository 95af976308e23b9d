/// The decoded query of a request: names with their values, in order.
package struct Query: Hashable, Sendable {
    /// One `name=value`.
    package struct Item: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    package let items: [Item]

    package init(_ items: [Item] = []) {
        self.items = items
    }

    /// Decodes what follows the question mark; a name without `=` has an empty value.
    package init(parsing text: some StringProtocol) throws(HTTPError) {
        var items: [Item] = []
        for pair in text.split(separator: "&") {
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = halves.first else { continue }
            let name = try PercentEncoding.decode(first, of: "query", plusIsSpace: true)
            let value = try PercentEncoding.decode(
                halves.count > 1 ? halves[1] : "", of: "query's “\(name)”", plusIsSpace: true)
            items.append(Item(name: name, value: value))
        }
        self.items = items
    }

    package func first(_ name: String) -> String? {
        items.first { $0.name == name }?.value
    }

    package func all(_ name: String) -> [String] {
        items.filter { $0.name == name }.map(\.value)
    }

    /// A whole number, or a 400 that names the field.
    package func integer(_ name: String) throws(HTTPError) -> Int? {
        guard let text = first(name) else { return nil }
        guard let value = Int(text) else {
            throw .malformed("“\(name)” has to be a whole number, not “\(text)”.", field: name)
        }
        return value
    }

    /// A finite number, or a 400 that names the field.
    package func number(_ name: String) throws(HTTPError) -> Double? {
        guard let text = first(name) else { return nil }
        guard let value = Double(text), value.isFinite else {
            throw .malformed("“\(name)” has to be a number, not “\(text)”.", field: name)
        }
        return value
    }

    /// `true` or `false` (also `1`, `0`, and the bare name), or a 400 that names the field.
    package func flag(_ name: String) throws(HTTPError) -> Bool? {
        switch first(name) {
        case nil: nil
        case "true", "1", "": true
        case "false", "0": false
        case .some(let text): throw .malformed("“\(name)” has to be true or false, not “\(text)”.", field: name)
        }
    }

    /// Refuses names other than these, so that a misspelt parameter is not silently ignored.
    package func allow(only names: Set<String>) throws(HTTPError) {
        guard let unknownName = items.first(where: { !names.contains($0.name) }) else { return }
        let known = names.isEmpty ? "none" : names.sorted().joined(separator: ", ")
        throw .malformed(
            "“\(unknownName.name)” is no parameter of this call; it takes \(known).", field: unknownName.name)
    }
}
