package import Logging

/// The routes of a server, and what is done around them; built once, then frozen.
package struct Router: Sendable {
    /// Turns errors of the layers below into replies; `nil` makes them a 500 without internals.
    package var errorMapper: (@Sendable (any Error) -> HTTPError?)?
    /// Asked before the body is received.
    package var gate: Gate?
    /// Other sites' pages that may read the answers.
    package var crossOrigin = CrossOrigin()

    private(set) var tree = RouteTree()
    private(set) var middleware: [Middleware] = []
    let logger: Logger

    package init(logger: Logger, errorMapper: (@Sendable (any Error) -> HTTPError?)? = nil) {
        self.logger = logger
        self.errorMapper = errorMapper
    }

    /// Adds a route: literal segments and `{names}`, such as `/v1/projects/{p}`.
    ///
    /// Literals win over names.
    ///
    /// The same method and pattern twice is a fault of the program.
    package mutating func on(
        _ method: Method, _ pattern: String, body: BodyPolicy = .none, _ handler: @escaping Handler
    ) {
        tree.insert(Route(pattern: pattern, body: body, handler: handler), for: method)
    }

    /// Puts something around every request, inside of what was added before.
    package mutating func use(_ layer: @escaping Middleware) {
        middleware.append(layer)
    }

    package func freeze() -> Responder { Responder(self) }
}
