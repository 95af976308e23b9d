/// A handler with the path pattern that it answers.
struct Route: Sendable {
    let pattern: String
    /// The query parameters that it takes.
    let query: Set<String>
    let body: BodyPolicy
    let scope: RouteScope
    let handler: Handler
    /// The names in braces, in order.
    let names: [String]
    fileprivate let parts: [String]

    init(pattern: String, query: Set<String>, body: BodyPolicy, scope: RouteScope, handler: @escaping Handler) {
        self.pattern = pattern
        self.query = query
        self.body = body
        self.scope = scope
        self.handler = handler
        parts = pattern.split(separator: "/").map(String.init)
        names = parts.filter(Route.isName).map { String($0.dropFirst().dropLast()) }
    }

    static func isName(_ part: String) -> Bool { part.hasPrefix("{") && part.hasSuffix("}") }
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
        var routes: [Method: Route] = [:]
    }

    private var nodes = [Node()]

    mutating func insert(_ route: Route, for method: Method) {
        var place = 0
        for part in route.parts {
            let known = Route.isName(part) ? nodes[place].name : nodes[place].literals[part]
            if let known {
                place = known
                continue
            }
            nodes.append(Node())
            let added = nodes.count - 1
            if Route.isName(part) { nodes[place].name = added } else { nodes[place].literals[part] = added }
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
            return node.routes.isEmpty ? nil : Match(routes: node.routes, values: values)
        }
        if let next = node.literals[segment], let match = descend(rest.dropFirst(), from: next, values: values) {
            return match
        }
        guard let next = node.name, !segment.isEmpty else { return nil }
        return descend(rest.dropFirst(), from: next, values: values + [segment])
    }
}
