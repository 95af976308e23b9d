/// What holds for every route of a group, and for the places below its prefix where nothing is.
struct RouteScope: Sendable {
    /// Segments and `{names}` that the paths begin with.
    private(set) var prefix: [String] = []
    /// Outermost first.
    private(set) var gates: [Gate] = []
    /// Outermost first.
    private(set) var layers: [Middleware] = []
    /// Innermost first.
    private var mappers: [ErrorMapper] = []
    /// Whether parameters of the query that a route doesn't name are refused.
    private(set) var isStrict = false

    init() {}

    /// A scope within another.
    init(
        in outer: RouteScope, _ prefix: String, gate: Gate?, errors: ErrorMapper?, isStrict: Bool,
        around layers: [Middleware]
    ) {
        self = outer
        self.prefix += prefix.split(separator: "/").map(String.init)
        if let gate { gates.append(gate) }
        if let errors { mappers.insert(errors, at: 0) }
        self.layers += layers
        self.isStrict = isStrict
    }

    /// What an error is to a client; nil where nobody knows it.
    func reply(to error: any Error) -> HTTPError? {
        if let known = error as? HTTPError { return known }
        for mapper in mappers { if let known = mapper(error) { return known } }
        return nil
    }

    /// Whether a path lies below the prefix.
    func covers(_ segments: [String]) -> Bool {
        segments.count >= prefix.count && zip(prefix, segments).allSatisfy { Route.isName($0) || $0 == $1 }
    }
}
