internal import JSON

/// JSON as the database keeps it: numbers exact, also those that JSON has no word for.
enum StoredJSON {
    static func encode(_ value: some Encodable) throws -> String {
        try JSONText.encode(value, nonFinite: .strings)
    }

    static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from text: String) throws -> Value {
        try JSONText.decode(type, from: text, nonFinite: .strings)
    }
}
