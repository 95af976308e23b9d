/// A layer around the handling of requests: acts before, after, or instead of the next layer.
///
/// The next layer has already turned its errors into replies. A layer around every request also sees refusals
/// (404, 405, 413 …); one around the routes of a group sees only requests that passed the gates.
package typealias Middleware =
    @Sendable (Request, _ next: @Sendable (Request) async throws -> Response) async throws -> Response

/// Answers a request that matched a route.
package typealias Handler = @Sendable (Request) async throws -> Response

/// Admits a request, or throws before its body is received; may record the principal in the head.
///
/// Called for every request but preflights; the head has no route if no route matches. Runs where handlers do, so it
/// may wait for a database: the connection is suspended meanwhile, and the server's own threads stay free.
package typealias Gate = @Sendable (inout RequestHead) async throws -> Void

/// Translates an error of the layers below for a client; nil for an unknown one, which becomes a 500 without details.
package typealias ErrorMapper = @Sendable (any Error) -> HTTPError?

/// Headers that every reply carries.
let standardHeaders: Middleware = { request, next in
    var response = try await next(request)
    let isTagged = response.headers["ETag"] != nil || response.status == 304
    response.headers.fill(from: [
        "X-Request-Id": request.id,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        // Answers with an entity tag may be cached, by the client only.
        "Cache-Control": isTagged ? "private, no-cache" : "no-store",
    ])
    return response
}
