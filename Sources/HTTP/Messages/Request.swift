internal import Foundation

/// A request received whole.
///
/// It has the head's properties, too: `request.method`, `request.parameters["p"]`.
@dynamicMemberLookup
package struct Request: Sendable {
    package var head: RequestHead
    package var body: Body

    package init(head: RequestHead, body: Body = .empty) {
        self.head = head
        self.body = body
    }

    /// A request made in memory.
    package init(
        _ method: Method, _ target: String, headers: Headers = [:], body: Body = .empty
    ) throws(HTTPError) {
        head = try RequestHead(method: method.rawValue, target: target, headers: headers)
        self.body = body
    }

    package subscript<Value>(dynamicMember path: KeyPath<RequestHead, Value>) -> Value { head[keyPath: path] }

    /// The value of the route's `{name}`; an unknown name is a programming error, answered with 404.
    package func parameter(_ name: String) throws(HTTPError) -> String {
        guard let value = head.parameters[name] else { throw .notFound("The path names no “\(name)”.") }
        return value
    }

    /// Decodes a JSON body: 400 if it is not JSON, 422 naming a member that is missing or of the wrong type.
    package func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        let bytes = try body.bytes()
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch let error as DecodingError {
            throw HTTPError(error, isEmpty: bytes.isEmpty)
        }
    }
}

extension HTTPError {
    fileprivate init(_ error: DecodingError, isEmpty: Bool) {
        func name(_ path: [any CodingKey]) -> String {
            path.reduce(into: "") { text, key in
                if let index = key.intValue {
                    text += "[\(index)]"
                } else {
                    text += (text.isEmpty ? "" : ".") + key.stringValue
                }
            }
        }
        func named(_ context: DecodingError.Context) -> String? {
            context.codingPath.isEmpty ? nil : name(context.codingPath)
        }
        switch error {
        case .keyNotFound(let key, let context):
            let field = name(context.codingPath + [key])
            self = .invalid("“\(field)” is missing.", field: field)
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            self = .invalid(context.debugDescription, field: named(context))
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            self = .invalid(context.debugDescription, field: named(context))
        case .dataCorrupted where isEmpty:
            self = .malformed("The body is empty; it has to be JSON.")
        default:
            self = .malformed("The body is not well-formed JSON in UTF-8.")
        }
    }
}
