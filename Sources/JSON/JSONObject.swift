/// The members of a JSON object in the order in which they were written; those read from text are sorted by name.
///
/// Two objects with the same members are equal, whatever their order.
package struct JSONObject: Sendable {
    /// A name and its value.
    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: JSONValue

        package init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var members: [Member]

    /// Each name must occur once.
    package init(_ members: [Member] = []) { self.members = members }

    package var names: [String] { members.map(\.name) }

    package var isEmpty: Bool { members.isEmpty }

    /// The value of a member; a new member is added at the end, `nil` removes it.
    package subscript(name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            let place = members.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// The members of both objects; `combine` decides if both have a name, and gets this object's value first.
    func merging(_ other: JSONObject, _ combine: (JSONValue, JSONValue) -> JSONValue) -> JSONObject {
        var merged = members
        let places = Dictionary(merged.enumerated().map { ($1.name, $0) }) { first, _ in first }
        for member in other.members {
            if let place = places[member.name] {
                merged[place].value = combine(merged[place].value, member.value)
            } else {
                merged.append(member)
            }
        }
        return JSONObject(merged)
    }
}

extension JSONObject: Hashable {
    private var values: [String: JSONValue] { Dictionary(members.map { ($0.name, $0.value) }) { first, _ in first } }

    package static func == (one: JSONObject, other: JSONObject) -> Bool {
        one.members == other.members || one.values == other.values
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { Member(name: $0.0, value: $0.1) })
    }
}
