/// Everything that is known about a request before its body arrives.
package struct RequestHead: Sendable {
    package var method: String
    /// As sent, still percent-encoded, without the query.
    package private(set) var path: String
    /// The path as logs may have it, if it has a part that is secret.
    var maskedPath: String?
    /// The decoded parts of the path; "." and ".." are ordinary names here.
    ///
    /// A trailing slash adds no part.
    package private(set) var segments: [String]
    package let query: Query
    package var headers: Headers
    /// The values of the matched route's `{names}`.
    package internal(set) var parameters: [String: String] = [:]
    /// The pattern of the matched route.
    package var route: String?
    /// The client, if the gate identified it.
    package var principal: (any Principal)?
    /// Taken from `X-Request-Id` if that is short and plain, generated otherwise.
    package let id: String
    /// The peer's numeric address.
    package let remoteAddress: String?

    /// Decodes a request target: `/path?query`, or a whole URL as sent to proxies.
    package init(
        method: String, target: String, headers: Headers = [:], remoteAddress: String? = nil
    ) throws(HTTPError) {
        let halves = try RequestHead.local(target, method: method).split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = halves.first ?? "/"
        var segments: [String] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            segments.append(try PercentEncoding.decode(part, of: "path"))
        }
        if segments.last == "" { segments.removeLast() }
        self.method = method
        self.path = String(path)
        self.segments = segments
        query = try Query(parsing: halves.count > 1 ? halves[1] : "")
        self.headers = headers
        id = RequestID.choose(offered: headers["X-Request-Id"])
        self.remoteAddress = remoteAddress
    }

    /// The target without scheme and host, which it has if it is sent as to a proxy.
    private static func local(_ target: String, method: String) throws(HTTPError) -> Substring {
        guard target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .malformed(
                "The target of the request has a space or a control character; write it with % and two hexadecimal digits."
            )
        }
        if target.hasPrefix("/") || (target == "*" && method == Method.options.rawValue) { return target[...] }
        let scheme = ["http://", "https://"].first { target.lowercased().hasPrefix($0) }
        guard let scheme else {
            throw .malformed("The target of the request has to begin with a slash, like /v1/projects.")
        }
        let rest = target.dropFirst(scheme.count).drop { $0 != "/" && $0 != "?" }
        return rest.hasPrefix("/") ? rest : "/" + rest
    }

    /// A placeholder for a head whose target can't be parsed, with its path for the log.
    init(unreadable method: String, path: String, headers: Headers, remoteAddress: String?) {
        self.method = method
        self.path = path
        segments = []
        query = Query()
        self.headers = headers
        id = RequestID.choose(offered: headers["X-Request-Id"])
        self.remoteAddress = remoteAddress
    }

    /// Puts parts in front of the path, which are the same encoded.
    mutating func move(below parts: [String]) {
        path = "/" + parts.joined(separator: "/") + path
        segments = parts + segments
    }

    /// The body's length as declared by the client.
    package var contentLength: Int? { headers["Content-Length"].flatMap { Int($0) } }

    /// Whether a body follows whose length is not known beforehand.
    package var isChunked: Bool { headers["Transfer-Encoding"] != nil }

    /// The media type of the body without its parameters, in lower case.
    package var contentType: String? {
        headers["Content-Type"].map { value in
            value.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
        }
    }

    /// The token of `Authorization: Bearer`.
    package var bearerToken: String? {
        guard let value = headers["Authorization"] else { return nil }
        let halves = value.split(separator: " ", maxSplits: 1)
        guard halves.count == 2, halves[0].lowercased() == "bearer" else { return nil }
        return String(halves[1])
    }
}
