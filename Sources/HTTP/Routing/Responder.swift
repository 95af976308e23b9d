internal import Logging

/// Answers requests by the routes of a router, which don't change any more; requests come from a socket or from memory.
package struct Responder: Sendable {
    /// The decision made from a request's head.
    struct Admission: Sendable {
        let head: RequestHead
        let route: Result<Route, any Error>
        /// The scope of the request's path.
        let scope: RouteScope
    }

    private let router: Router
    private let chain: [Middleware]
    /// What stands in front of every path.
    private var root: [String] = []

    init(_ router: Router) {
        self.router = router
        let crossOrigin = router.crossOrigin
        let marking: Middleware = { request, next in crossOrigin.mark(try await next(request), to: request.head) }
        chain = [standardHeaders, marking] + router.middleware
    }

    /// The same routes, of which those below a prefix are at the root, and no others can be reached.
    package func rooted(at prefix: [String]) -> Responder {
        var rooted = self
        rooted.root = prefix
        return rooted
    }

    /// Finds the route, calls its gates and checks the names in the query; what is refused here is refused before its
    /// body is received.
    func admit(_ head: RequestHead) async -> Admission {
        var head = head
        if !root.isEmpty { head.move(below: root) }
        head.maskedPath = router.masked(head.path)
        let match = router.tree.match(head.segments)
        let method = Method(rawValue: head.method)
        let asked = method == .head && match?.routes[.head] == nil ? .get : method
        let route = asked.flatMap { match?.routes[$0] }
        if let match, CrossOrigin.isPreflight(head) {
            return Admission(head: head, route: .success(Responder.options(match)), scope: RouteScope())
        }
        if let match, let route {
            head.route = route.pattern
            head.parameters = Dictionary(zip(route.names, match.values)) { first, _ in first }
        }
        let scope = route?.scope ?? router.scope(of: head.segments)
        do {
            for gate in scope.gates { try await gate(&head) }
            let found = try route ?? Responder.substitute(match, for: head)
            if found.scope.isStrict { try head.query.check(found.query) }
            return Admission(head: head, route: .success(found), scope: scope)
        } catch {
            return Admission(head: head, route: .failure(error), scope: scope)
        }
    }

    /// Refuses a request whose head can't be parsed.
    func refuse(_ head: RequestHead, _ error: any Error) -> Admission {
        var head = head
        head.maskedPath = router.masked(head.path)
        return Admission(head: head, route: .failure(error), scope: RouteScope())
    }

    /// Answers a request made in memory like one from a socket.
    package func respond(to request: Request) async -> Response {
        let admission = await admit(request.head)
        do {
            let policy = try admission.route.get().body
            return await answer(admission, body: .success(try BodyReceiver.receive(request.body, policy)))
        } catch {
            return await answer(admission, body: .failure(error))
        }
    }

    /// Runs the middleware and the handler, or reports why the body was not received.
    ///
    /// Never throws: errors become replies.
    func answer(_ admission: Admission, body: Result<Body, any Error>) async -> Response {
        let request = Request(head: admission.head, body: (try? body.get()) ?? .empty)
        return await run(chain[...], request, admission.scope) { await handle($0, admission, body) }
    }

    /// An error of a layer becomes a reply before the next outer layer sees it.
    private func run(
        _ layers: ArraySlice<Middleware>, _ request: Request, _ scope: RouteScope,
        _ handler: @escaping @Sendable (Request) async -> Response
    ) async -> Response {
        guard let layer = layers.first else { return await handler(request) }
        do {
            return sound(try await layer(request) { await run(layers.dropFirst(), $0, scope, handler) }, request)
        } catch {
            return reply(to: error, request, scope)
        }
    }

    private func handle(_ request: Request, _ admission: Admission, _ body: Result<Body, any Error>) async -> Response {
        do {
            let route = try admission.route.get()
            _ = try body.get()
            let response = await run(route.scope.layers[...], request, route.scope) { await answer($0, route) }
            return sound(Conditional.apply(to: response, for: request), request)
        } catch {
            return reply(to: error, request, admission.scope)
        }
    }

    private func answer(_ request: Request, _ route: Route) async -> Response {
        do {
            return try await route.handler(request)
        } catch {
            return reply(to: error, request, route.scope)
        }
    }

    /// The answer without a matching route: to OPTIONS, 404 at an unknown path, 405 if the path has other methods.
    private static func substitute(_ match: RouteTree.Match?, for head: RequestHead) throws(HTTPError) -> Route {
        guard let match else { throw .notFound("There is nothing at \(head.path).") }
        if head.method == Method.options.rawValue { return options(match) }
        let allowed = allowed(match.routes)
        throw HTTPError(405, "\(head.path) answers \(allowed), not \(head.method).", headers: ["Allow": allowed])
    }

    private static func allowed(_ routes: [Method: Route]) -> String {
        var methods = Set(routes.keys)
        if methods.contains(.get) { methods.insert(.head) }
        methods.insert(.options)
        return methods.map(\.rawValue).sorted().joined(separator: ", ")
    }

    private static func options(_ match: RouteTree.Match) -> Route {
        let allowed = allowed(match.routes)
        return Route(pattern: "*", query: [], body: .none, scope: RouteScope()) { _ in
            Response(status: 204, headers: ["Allow": allowed])
        }
    }

    private func reply(to error: any Error, _ request: Request, _ scope: RouteScope) -> Response {
        if let known = scope.reply(to: error) { return Response(known) }
        if error is CancellationError { return Response(HTTPError.closing) }
        router.logger.error(
            "request failed",
            metadata: [
                "request": "\(request.id)", "method": "\(request.method)",
                "path": "\(request.head.maskedPath ?? request.path)",
                "error": "\(error)",
            ])
        return Response(Responder.internalError(request))
    }

    /// The response, or a 500 if one of its headers can't be sent as it is.
    private func sound(_ response: Response, _ request: Request) -> Response {
        guard let unsound = response.headers.fields.first(where: { !$0.isSound }) else { return response }
        router.logger.error(
            "refused to send a header", metadata: ["header": "\(unsound.name)", "request": "\(request.id)"])
        return Response(Responder.internalError(request))
    }

    private static func internalError(_ request: Request) -> HTTPError {
        HTTPError(500, "The server failed to answer this. Its log has details under request \(request.id).")
    }
}
