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
}

/// Typed values; an invalid value is refused by the name of its parameter.
extension Query {
    /// The first value of a name that is not empty.
    package func text(_ name: String) -> String? {
        guard let value = first(name), !value.isEmpty else { return nil }
        return value
    }

    /// A whole number: 400 if it isn't one, 422 if it is out of range.
    package func integer(_ name: String, in range: ClosedRange<Int>? = nil) throws(HTTPError) -> Int? {
        guard let text = first(name) else { return nil }
        guard let value = Int(text) else {
            throw .malformed("“\(name)” has to be a whole number, not “\(text)”.", field: name)
        }
        if let range, !range.contains(value) {
            throw .invalid(
                "\(name) is a number from \(range.lowerBound) to \(range.upperBound), not \(value)", field: name)
        }
        return value
    }

    /// A required whole number.
    package func required(_ name: String, example: String) throws(HTTPError) -> Int {
        guard let value = try integer(name) else {
            throw .invalid("\(name) is missing, as in \(example)", field: name)
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

    /// Finite numbers with commas between them, one for each of `names`.
    package func numbers(_ name: String, _ names: [String]) throws(HTTPError) -> [Double]? {
        guard let text = first(name) else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Double($0.filter { $0 != " " }) }.filter(\.isFinite)
        guard parts.count == names.count, numbers.count == names.count else {
            throw .invalid(
                "\(name) must be \(names.count) numbers, \(name)=\(names.joined(separator: ",")), "
                    + "not \"\(text.prefix(80))\"",
                field: name)
        }
        return numbers
    }

    /// One of the allowed words, in lower case.
    package func choice(_ name: String, of known: [String]) throws(HTTPError) -> String? {
        guard let text = text(name) else { return nil }
        guard known.contains(text.lowercased()) else {
            throw .invalid(
                "\(name) must be one of \(known.joined(separator: ", ")), not \"\(text.prefix(40))\"", field: name)
        }
        return text.lowercased()
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

    /// Refuses names other than the route's, so that a misspelt parameter is not silently ignored; one that comes twice with
    /// two meanings; and one that says nothing, as when a variable of a shell is not set.
    package func check(_ rules: QueryRules) throws(HTTPError) {
        if let unknownName = items.first(where: { !rules.names.contains($0.name) }) {
            let known = rules.names.isEmpty ? "none" : rules.names.sorted().joined(separator: ", ")
            throw .malformed(
                "“\(unknownName.name)” is not a parameter of this call; it takes \(known).", field: unknownName.name)
        }
        for item in items {
            guard rules.repeated.contains(item.name) || all(item.name).allSatisfy({ $0 == item.value }) else {
                throw .malformed("“\(item.name)” is there twice and says two things; give it once.", field: item.name)
            }
            guard !item.value.isEmpty || !rules.filled.contains(item.name) else {
                throw .malformed("“\(item.name)” is empty; say what is meant, or leave it out.", field: item.name)
            }
        }
    }
}
