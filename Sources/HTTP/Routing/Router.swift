package import Logging

/// The routes of a server and the middleware around them; built once, then unchanged.
package struct Router: Sendable {
    /// The other sites whose pages may read the answers.
    package var crossOrigin = CrossOrigin()
    /// How parts of paths begin that no log may have, such as tokens.
    package var secretPrefix: String?

    private(set) var tree = RouteTree()
    private(set) var middleware: [Middleware] = []
    private var scopes = [RouteScope()]
    let logger: Logger

    package init(logger: Logger) { self.logger = logger }

    /// Adds a route without a gate; see `RouteGroup.on`.
    package mutating func on(
        _ method: Method, _ pattern: String, body: BodyPolicy = .none, _ handler: @escaping Handler
    ) {
        group { $0.on(method, pattern, body: body, handler) }
    }

    /// Adds routes below a prefix with their gate, their error mapper, whether they refuse query parameters that they
    /// don't name, and the middleware around their handlers.
    ///
    /// Requests for unknown paths below the prefix must pass the gate, too; if several groups have such a prefix,
    /// the longest counts, and of equal ones the last.
    package mutating func group(
        _ prefix: String = "", gate: Gate? = nil, errors: ErrorMapper? = nil, isStrict: Bool = false,
        around layers: [Middleware] = [], _ add: (inout RouteGroup) -> Void
    ) {
        var outermost = RouteGroup("", RouteScope())
        outermost.group(prefix, gate: gate, errors: errors, isStrict: isStrict, around: layers, add)
        for (method, route) in outermost.routes { tree.insert(route, for: method) }
        scopes += outermost.scopes.dropFirst()
    }

    /// Adds a layer around every request, inside the layers added before.
    package mutating func use(_ layer: @escaping Middleware) {
        middleware.append(layer)
    }

    /// The scope of a path that no route answers.
    func scope(of segments: [String]) -> RouteScope {
        var found = scopes[0]
        for scope in scopes where scope.prefix.count >= found.prefix.count && scope.covers(segments) { found = scope }
        return found
    }

    /// A path with an ellipsis for each of its secret parts; `nil` if it has none.
    func masked(_ path: String) -> String? {
        guard let secretPrefix else { return nil }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let shown = parts.map { part in
            let decoded = (try? PercentEncoding.decode(part, of: "path")) ?? String(part)
            return decoded.contains(secretPrefix) ? "…" : part
        }
        return shown == parts ? nil : shown.joined(separator: "/")
    }

    package func freeze() -> Responder { Responder(self) }
}
