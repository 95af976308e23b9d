package import Logging

/// The routes of a server, and what is done around them; built once, then frozen.
package struct Router: Sendable {
    /// Other sites' pages that may read the answers.
    package var crossOrigin = CrossOrigin()

    private(set) var tree = RouteTree()
    private(set) var middleware: [Middleware] = []
    private var scopes = [RouteScope()]
    let logger: Logger

    package init(logger: Logger) { self.logger = logger }

    /// Adds a route that nothing guards; see `RouteGroup.on`.
    package mutating func on(
        _ method: Method, _ pattern: String, body: BodyPolicy = .none, _ handler: @escaping Handler
    ) {
        group { $0.on(method, pattern, body: body, handler) }
    }

    /// Adds routes below a prefix: what may be asked of them, what errors are to their clients, whether parameters of
    /// the query that they don't name are refused, and what is done around their handlers.
    ///
    /// Who asks for a place below the prefix where nothing is has to pass the gate, too; of several groups with such a
    /// prefix that with the longest counts, and of those the last.
    package mutating func group(
        _ prefix: String = "", gate: Gate? = nil, errors: ErrorMapper? = nil, isStrict: Bool = false,
        around layers: [Middleware] = [], _ add: (inout RouteGroup) -> Void
    ) {
        var outermost = RouteGroup("", RouteScope())
        outermost.group(prefix, gate: gate, errors: errors, isStrict: isStrict, around: layers, add)
        for (method, route) in outermost.routes { tree.insert(route, for: method) }
        scopes += outermost.scopes.dropFirst()
    }

    /// Puts something around every request, inside of what was added before.
    package mutating func use(_ layer: @escaping Middleware) {
        middleware.append(layer)
    }

    /// What holds for a path that no route answers.
    func scope(of segments: [String]) -> RouteScope {
        var found = scopes[0]
        for scope in scopes where scope.prefix.count >= found.prefix.count && scope.covers(segments) { found = scope }
        return found
    }

    package func freeze() -> Responder { Responder(self) }
}
