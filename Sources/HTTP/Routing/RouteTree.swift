/// A handler with the path pattern that it answers.
struct Route: Sendable {
    let pattern: String
    /// The query parameters that it takes.
    let query: QueryRules
    let body: BodyPolicy
    let scope: RouteScope
    let handler: Handler
    /// The names in braces, in order.
    let names: [String]
    fileprivate let parts: [String]

    init(pattern: String, query: QueryRules, body: BodyPolicy, scope: RouteScope, handler: @escaping Handler) {
        self.pattern = pattern
        self.query = query
        self.body = body
        self.scope = scope
        self.handler = handler
        parts = pattern.split(separator: "/").map(String.init)
        names = parts.filter(Route.isName).map { String($0.dropFirst().dropLast(Route.isRest($0) ? 4 : 1)) }
    }

    static func isName(_ part: String) -> Bool { part.hasPrefix("{") && part.hasSuffix("}") }

    /// Whether a name stands for all that is left of a path, however many segments.
    static func isRest(_ part: String) -> Bool { part.hasPrefix("{") && part.hasSuffix("...}") }
}

/// The routes as a tree of path segments.
struct RouteTree: Sendable {
    /// The routes of one path, and the values of its `{names}`.
    struct Match {
        let routes: [Method: Route]
        let values: [String]
    }

    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var name: Int?
        /// Where a name leads that takes all that is left of the path.
        var rest: Int?
        var routes: [Method: Route] = [:]
    }

    private var nodes = [Node()]

    mutating func insert(_ route: Route, for method: Method) {
        var place = 0
        for part in route.parts {
            let (isName, isRest) = (Route.isName(part), Route.isRest(part))
            let known = isRest ? nodes[place].rest : isName ? nodes[place].name : nodes[place].literals[part]
            if let known {
                place = known
                continue
            }
            nodes.append(Node())
            let added = nodes.count - 1
            if isRest {
                nodes[place].rest = added
            } else if isName {
                nodes[place].name = added
            } else {
                nodes[place].literals[part] = added
            }
            place = added
        }
        precondition(nodes[place].routes[method] == nil, "\(method.rawValue) \(route.pattern) has two handlers")
        nodes[place].routes[method] = route
    }

    /// The node that a path leads to, trying literals first; `nil` if no route is registered.
    func match(_ segments: [String]) -> Match? {
        descend(segments[...], from: 0, values: [])
    }

    private func descend(_ rest: ArraySlice<String>, from place: Int, values: [String]) -> Match? {
        let node = nodes[place]
        guard let segment = rest.first else {
            if !node.routes.isEmpty { return Match(routes: node.routes, values: values) }
            return node.rest.map { Match(routes: nodes[$0].routes, values: values + [""]) }
        }
        if let next = node.literals[segment], let match = descend(rest.dropFirst(), from: next, values: values) {
            return match
        }
        if let next = node.name, !segment.isEmpty,
            let match = descend(rest.dropFirst(), from: next, values: values + [segment])
        {
            return match
        }
        guard let next = node.rest else { return nil }
        return Match(routes: nodes[next].routes, values: values + [rest.joined(separator: "/")])
    }
}
