/// Something done around every request: before, after, or instead of what comes next.
///
/// It sees refusals (404, 405, 413 …) too. What comes next has already turned its errors into replies.
package typealias Middleware =
    @Sendable (Request, _ next: @Sendable (Request) async throws -> Response) async throws -> Response

/// Answers a request that matched a route.
package typealias Handler = @Sendable (Request) async throws -> Response

/// Lets a request in, or throws before its body is received; may note who asks.
///
/// Asked about every request but preflights; where nothing is at its path the head has no route. Runs on the server's
/// own threads: it must not block.
package typealias Gate = @Sendable (inout RequestHead) throws -> Void

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
