/// Other sites whose pages may read answers in a browser (CORS, as in the Fetch standard); none by default.
package struct CrossOrigin: Sendable {
    /// Origins as browsers send them: `https://viewer.example.org`, with the port if it is not the scheme's default.
    package let allowed: Set<String>
    /// The first segments of paths below which any page may read: whoever knows such a path may.
    package let open: [String]

    package init(allowed: Set<String> = [], open: [String] = []) {
        self.allowed = allowed
        self.open = open
    }

    /// Whether the request is a preflight: a browser asks what another site's page may do.
    static func isPreflight(_ head: RequestHead) -> Bool {
        head.method == Method.options.rawValue && head.headers["Origin"] != nil
            && head.headers["Access-Control-Request-Method"] != nil
    }

    /// Adds the headers that let pages of an allowed origin read the answer.
    func mark(_ response: Response, to head: RequestHead) -> Response {
        let isOpen = !open.isEmpty && head.segments.starts(with: open)
        guard isOpen || !allowed.isEmpty else { return response }
        var response = response
        if isOpen {
            response.headers["Access-Control-Allow-Origin"] = "*"
        } else {
            response.headers.add("Vary", "Origin")
            guard let origin = head.headers["Origin"], allowed.contains(origin) else { return response }
            response.headers["Access-Control-Allow-Origin"] = origin
        }
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if CrossOrigin.isPreflight(head) {
            response.headers["Access-Control-Allow-Methods"] = response.headers["Allow"]
            response.headers["Access-Control-Allow-Headers"] =
                "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Last-Event-ID, Range, X-Request-Id"
            response.headers["Access-Control-Max-Age"] = "600"
        } else {
            response.headers["Access-Control-Expose-Headers"] =
                "Accept-Ranges, Content-Disposition, Content-Range, ETag, Idempotency-Replayed, Location, Retry-After, "
                + "X-Request-Id, X-Slicewise-Model"
        }
        return response
    }
}
