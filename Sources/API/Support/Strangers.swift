internal import HTTP

/// Keeps pages of other sites, open in a browser on this machine, from changing anything here.
enum Strangers {
    /// 403 for a request that would change something and that a browser says comes from another site's page.
    static func refuse(_ head: RequestHead) throws(HTTPError) {
        guard !["GET", "HEAD", "OPTIONS"].contains(head.method) else { return }
        if let origin = head.headers["Origin"], let scheme = origin.firstRange(of: "://"),
            String(origin[scheme.upperBound...]) != head.headers["Host"]
        {
            throw HTTPError(403, "pages of \(origin.prefix(200)) may not change anything on this server")
        }
        if head.headers["Sec-Fetch-Site"] == "cross-site" || head.headers["Origin"] == "null" {
            throw HTTPError(403, "pages of other sites may not change anything on this server")
        }
    }
}
