/// Routes below one prefix that share gates, middleware and error mappers.
package struct RouteGroup: Sendable {
    private let prefix: String
    private let scope: RouteScope
    private(set) var routes: [(method: Method, route: Route)] = []
    /// The routes of this group and of nested groups.
    private(set) var scopes: [RouteScope]

    init(_ prefix: String, _ scope: RouteScope) {
        self.prefix = prefix
        self.scope = scope
        scopes = [scope]
    }

    /// Adds a route: literal segments and `{names}`, such as `/projects/{p}`, behind the group's prefix.
    ///
    /// Literals take precedence over names. At the end `{name...}` takes all segments that are left, none too, with slashes
    /// between them, where nothing else fits. Adding a method and pattern twice is a programming error. `query` has the
    /// parameters that the route takes.
    package mutating func on(
        _ method: Method, _ pattern: String, query: QueryRules = [], body: BodyPolicy = .none,
        _ handler: @escaping Handler
    ) {
        let route = Route(pattern: prefix + pattern, query: query, body: body, scope: scope, handler: handler)
        routes.append((method, route))
    }

    /// Adds routes below a prefix within this one: outer gates are called first, outer layers wrap inner ones, and
    /// errors that the inner mapper does not know go to the outer one.
    package mutating func group(
        _ prefix: String = "", gate: Gate? = nil, errors: ErrorMapper? = nil, isStrict: Bool = false,
        around layers: [Middleware] = [], _ add: (inout RouteGroup) -> Void
    ) {
        let inner = RouteScope(
            in: scope, prefix, gate: gate, errors: errors, isStrict: isStrict, around: layers)
        var group = RouteGroup(self.prefix + prefix, inner)
        add(&group)
        routes += group.routes
        scopes += group.scopes
    }
}
