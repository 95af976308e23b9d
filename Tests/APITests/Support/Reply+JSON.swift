import Foundation
import JSON
import TestSupport

extension Reply {
    /// The body as JSON; null if it is none.
    var json: JSONValue { (try? JSONDecoder().decode(JSONValue.self, from: Data(body))) ?? .null }

    /// The detail of an error.
    var detail: String { json["detail"].string ?? "" }
}

extension JSONValue {
    /// An element of an array; null if there is none.
    subscript(index: Int) -> JSONValue {
        guard case .array(let values) = self, values.indices.contains(index) else { return .null }
        return values[index]
    }

    var string: String? { if case .string(let text) = self { text } else { nil } }
    var number: Double? { numeric }
    var count: Int { if case .array(let values) = self { values.count } else { 0 } }
    var names: [String] { if case .object(let members) = self { members.names.sorted() } else { [] } }
}
