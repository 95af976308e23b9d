internal import JSON

/// A value that is given, or chosen from the volumes when the training starts.
package enum AutoOrFixed<Value: Hashable & Sendable>: Hashable, Sendable {
    case auto
    case fixed(Value)

    /// The given value; nil for `auto`.
    package var value: Value? {
        switch self {
        case .auto: nil
        case .fixed(let value): value
        }
    }
}

extension JSONSchema where Value: Hashable & Sendable {
    /// The same schema, also accepting the word "auto".
    var orAuto: JSONSchema<AutoOrFixed<Value>> {
        let (read, write) = (read, write)
        return JSONSchema<AutoOrFixed<Value>>(.either([description, .words(["auto"])])) {
            value, path throws(JSONError) in
            if value == .string("auto") { return .auto }
            do throws(JSONError) {
                return .fixed(try read(value, path))
            } catch {
                throw error.or("auto", at: path)
            }
        } write: {
            $0.value.map { write($0) ?? .null } ?? .string("auto")
        }
    }
}
