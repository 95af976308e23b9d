/// The settings shared by every route of a group, and by unknown paths below its prefix.
struct RouteScope: Sendable {
    /// The segments and `{names}` that all paths begin with.
    private(set) var prefix: [String] = []
    /// Outermost first.
    private(set) var gates: [Gate] = []
    /// Outermost first.
    private(set) var layers: [Middleware] = []
    /// Innermost first.
    private var mappers: [ErrorMapper] = []
    /// Whether query parameters that a route doesn't name are refused.
    private(set) var isStrict = false

    init() {}

    /// A scope nested in another.
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

    /// Translates an error for a client; nil if no mapper knows it.
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
