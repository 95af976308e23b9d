import HTTP
import JSON
import Synchronization
import Training

/// The statuses that /openapi.json tells for each call, to hold every answer against.
struct Documented: Sendable {
    private struct Call { var method: String, path: [Substring], statuses: Set<Int> }
    private var calls: [Call] = []

    static let known = Mutex<Documented?>(nil)

    init() {}

    init(_ document: JSONValue) {
        for path in document["paths"].names {
            for method in document["paths"][path].names {
                let statuses = document["paths"][path][method]["responses"].names.compactMap { Int($0) }
                calls.append(
                    Call(method: method.uppercased(), path: path.split(separator: "/"), statuses: Set(statuses)))
            }
        }
    }

    /// `nil` where the document has no such call.
    func statuses(of method: HTTP.Method, _ path: String) -> Set<Int>? {
        let segments = path.split(separator: "/")
        let call = calls.first { call in
            call.method == method.rawValue && call.path.count == segments.count
                && zip(call.path, segments).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
        }
        return call?.statuses
    }
}
