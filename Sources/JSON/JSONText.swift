internal import Foundation

/// JSON text of `Encodable` values, the same for equal values: keys are sorted, dates are ISO 8601 in UTC.
package enum JSONText {
    /// How NaN and infinities, which JSON does not have, are written.
    package enum NonFinite: Sendable {
        /// As an error.
        case refused
        /// As the strings `inf`, `-inf` and `nan`, so that nothing is lost.
        case strings
    }

    package static func encode(_ value: some Encodable, nonFinite: NonFinite = .refused) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        if nonFinite == .strings {
            encoder.nonConformingFloatEncodingStrategy = .convertToString(
                positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        }
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    package static func decode<Value: Decodable>(
        _ type: Value.Type = Value.self, from text: String, nonFinite: NonFinite = .refused
    ) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        if nonFinite == .strings {
            decoder.nonConformingFloatDecodingStrategy = .convertFromString(
                positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        }
        return try decoder.decode(type, from: Data(text.utf8))
    }
}
