internal import JSON

/// JSON as the database stores it: exact numbers, infinities and NaN as strings.
enum StoredJSON {
    static func encode(_ value: some Encodable) throws -> String {
        try JSONText.encode(value, nonFinite: .strings)
    }

    static func decode<Value: Decodable>(_ type: Value.Type = Value.self, from text: String) throws -> Value {
        try JSONText.decode(type, from: text, nonFinite: .strings)
    }
}
