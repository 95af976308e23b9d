internal import Foundation
internal import Training

extension JSONValue {
    /// A whole number.
    static func integer(_ value: Int) -> JSONValue { .number(Double(value)) }

    /// The value as JSON text with sorted keys.
    func text() throws -> String { try jsonText(self) }

    /// Anything that encodes, as a JSON value.
    init(encoding value: some Encodable) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(jsonText(value).utf8))
    }
}

/// A value as JSON text with sorted keys.
func jsonText(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
