import HTTP
import JSON
import Synchronization
import TestSupport
import Training

/// What /openapi.json says of each call, to hold every answer against.
struct Documented: Sendable {
    private struct Call { var method: String, path: [Substring], answers: JSONValue }
    private var calls: [Call] = []
    private let check: SchemaCheck
    private let errors: JSONValue

    static let known = Mutex<Documented?>(nil)

    init(_ document: JSONValue = .null) {
        check = SchemaCheck(schemas: document["components"]["schemas"])
        errors = document["components"]["responses"]
        for path in document["paths"].names {
            for method in document["paths"][path].names {
                let answers = document["paths"][path][method]["responses"]
                calls.append(Call(method: method.uppercased(), path: path.split(separator: "/"), answers: answers))
            }
        }
    }

    /// What of an answer is not as the document says; empty where the document has no such call.
    func faults(of reply: Reply, to method: HTTP.Method, _ path: String) -> [String] {
        let segments = path.split(separator: "/")
        let call = calls.first { call in
            call.method == method.rawValue && call.path.count == segments.count
                && zip(call.path, segments).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }
        guard let call else { return [] }
        var answer = call.answers["\(reply.status)"]
        if answer == .null { return ["status \(reply.status)"] }
        if answer["$ref"] != .null { answer = errors["\(reply.status)"] }
        guard let type = reply.headers["Content-Type"]?.prefix(while: { $0 != ";" }), reply.status != 304 else {
            return []
        }
        let content = answer["content"][String(type)]
        if content == .null { return ["type \(type)"] }
        guard type.hasSuffix("json"), reply.headers["Content-Encoding"] == nil else { return [] }
        return check.faults(of: reply.json, by: content["schema"])
    }
}
