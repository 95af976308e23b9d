/// Something done around requests: before, after, or instead of what comes next.
///
/// What comes next has already turned its errors into replies. Around every request it sees refusals (404, 405, 413 …),
/// too; around the routes of a group it sees those that have been let in.
package typealias Middleware =
    @Sendable (Request, _ next: @Sendable (Request) async throws -> Response) async throws -> Response

/// Answers a request that matched a route.
package typealias Handler = @Sendable (Request) async throws -> Response

/// Lets a request in, or throws before its body is received; may note who asks.
///
/// Asked about every request but preflights; where nothing is at its path the head has no route. Runs where handlers do,
/// so it may wait for a database: the connection sleeps meanwhile, and the server's own threads go on.
package typealias Gate = @Sendable (inout RequestHead) async throws -> Void

/// What an error of the layers below is to a client; nil for one that it doesn't know, a 500 without internals.
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
        // What can be asked for again by its tag may be kept, by the client only.
        "Cache-Control": isTagged ? "private, no-cache" : "no-store",
    ])
    return response
}
