/// The header fields of a message, in order; names are compared without regard to case.
package struct Headers: Hashable, Sendable {
    /// One line of a message's head.
    package struct Field: Hashable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }

        /// Whether it can be sent as it is: the name is a token, the value has no control characters.
        package var isSound: Bool {
            !name.isEmpty && name.utf8.allSatisfy(Headers.isTokenByte)
                && value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
        }
    }

    package private(set) var fields: [Field]

    package init(_ fields: [Field] = []) {
        self.fields = fields
    }

    /// The first value of a name; setting replaces every value of that name, `nil` removes them.
    package subscript(name: String) -> String? {
        get { fields.first { Headers.areSame($0.name, name) }?.value }
        set {
            let place = fields.firstIndex { Headers.areSame($0.name, name) }
            fields.removeAll { Headers.areSame($0.name, name) }
            guard let newValue else { return }
            fields.insert(Field(name, newValue), at: place ?? fields.endIndex)
        }
    }

    /// All values of a name, in order.
    package func all(_ name: String) -> [String] {
        fields.filter { Headers.areSame($0.name, name) }.map(\.value)
    }

    /// Adds a field, keeping those of the same name.
    package mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name, value))
    }

    /// Adds the fields of another that are missing in this one.
    package mutating func fill(from other: Headers) {
        for field in other.fields where self[field.name] == nil {
            fields.append(field)
        }
    }

    private static func areSame(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && zip(one.utf8, other.utf8).allSatisfy { lowered($0) == lowered($1) }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }

    /// RFC 9110, 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension Headers: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { Field($0.0, $0.1) })
    }
}
