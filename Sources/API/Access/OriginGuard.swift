internal import HTTP

/// Prevents pages of other sites, open in a browser, from using this server.
struct OriginGuard: Sendable {
    /// The other sites whose pages the operator allowed.
    let allowed: Set<String>

    /// Throws 403 for a request that would change something and that comes from another site's page.
    func refuseForeignChange(_ head: RequestHead) throws(HTTPError) {
        guard OriginGuard.isChange(head) else { return }
        let origin = head.headers["Origin"]
        if let origin, allowed.contains(origin) { return }
        if let origin, let scheme = origin.firstRange(of: "://"),
            String(origin[scheme.upperBound...]) != head.headers["Host"]
        {
            throw HTTPError(
                403,
                "pages of \(origin.prefix(200)) may not change anything on this server; "
                    + "http.allowedOrigins can allow them")
        }
        if head.headers["Sec-Fetch-Site"] == "cross-site" || origin == "null" {
            throw HTTPError(403, "pages of other sites may not change anything on this server")
        }
    }

    /// Throws 403 if `Host` is not local: a page can make any name resolve to this machine and then read the answers
    /// (DNS rebinding).
    func refuseForeignHost(_ head: RequestHead) throws(HTTPError) {
        guard let host = head.headers["Host"], !Loopback.isLocal(Loopback.host(of: host)) else { return }
        throw HTTPError(
            403,
            "without access tokens this server answers to localhost, 127.0.0.1 and [::1] only, not to "
                + "\(host.prefix(200)); `slicewise token create` makes a token", field: "Host")
    }

    static func isChange(_ head: RequestHead) -> Bool { !["GET", "HEAD", "OPTIONS"].contains(head.method) }
}
