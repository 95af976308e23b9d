internal import Foundation

/// A folder of a web server, by an address of which there is one spelling.
package struct WebFolder: Hashable, Sendable, CustomStringConvertible {
    /// Scheme, host and port, in lower case, such as `https://example.org:8443`; the usual port is left out.
    private let server: String
    /// The names of the folders on the way, decoded.
    private let steps: [String]

    private static let usualPorts = ["http": 80, "https": 443]

    /// Whether a text is meant as the address of something on a web server.
    package static func isMeant(by text: String) -> Bool {
        let start = text.prefix(8).lowercased()
        return start.hasPrefix("http://") || start.hasPrefix("https://")
    }

    /// Throws for an address with a password, a query, a fragment or a step upwards, or one that can be read in two ways.
    package init(_ text: String) throws(VolumeError) {
        guard let address = URLComponents(string: text), let scheme = address.scheme?.lowercased(),
            let usual = Self.usualPorts[scheme], let host = address.encodedHost?.lowercased(), Self.isHost(host)
        else { throw Self.wrong(text, "is no address of a folder on a web server, like https://example.org/images") }
        guard address.user == nil, address.password == nil else {
            throw Self.wrong("of \(host)", "has a user's name or password in it, which would be stored and logged")
        }
        guard address.query == nil, address.fragment == nil else {
            throw Self.wrong(text, "has a ? or #; the plain address of the folder is expected")
        }
        guard (1...65_535).contains(address.port ?? usual) else { throw Self.wrong(text, "has no port that there is") }
        let port = address.port ?? usual
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        server = "\(scheme)://\(name)" + (port == usual ? "" : ":\(port)")
        var steps: [String] = []
        for part in address.percentEncodedPath.split(separator: "/") where part != "." {
            guard let step = String(part).removingPercentEncoding, step != "..", step != ".",
                !step.contains(where: { "/\\".contains($0) }),
                !step.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
            else { throw Self.wrong(text, "leads upwards, or has a name that no folder has") }
            steps.append(step)
        }
        self.steps = steps
    }

    private static func wrong(_ text: String, _ detail: String) -> VolumeError {
        .unsupported("the address \(text.prefix(200)) \(detail)")
    }

    /// Names and numbers, and IPv6 in brackets: what every reader of addresses takes for the same host.
    private static func isHost(_ host: String) -> Bool {
        let isNumber = host.hasPrefix("[") && host.hasSuffix("]")
        let allowed = isNumber ? "0123456789abcdef:.[]" : "abcdefghijklmnopqrstuvwxyz0123456789.-_"
        return !host.isEmpty && host != "." && host.allSatisfy { allowed.contains($0) }
    }

    /// Whether a folder is this one, or in it.
    package func contains(_ other: WebFolder) -> Bool { server == other.server && other.steps.starts(with: steps) }

    /// Whether an address leads into the folder; a query in it is another matter.
    func contains(_ url: URL) -> Bool {
        guard var address = URLComponents(url: url, resolvingAgainstBaseURL: true) else { return false }
        address.query = nil
        address.fragment = nil
        guard let text = address.string, let place = try? WebFolder(text) else { return false }
        return contains(place)
    }

    /// The address of a file below it, by its path with strokes; `nil` for none.
    func url(of key: String) -> URL? {
        let steps = steps + key.split(separator: "/").map(String.init)
        return URL(string: server + steps.map { "/" + Self.encoded($0) }.joined())
    }

    package var description: String { server + steps.map { "/" + Self.encoded($0) }.joined() }

    private static func encoded(_ step: String) -> String {
        step.addingPercentEncoding(withAllowedCharacters: plain) ?? step
    }

    /// RFC 3986, 2.3.
    private static let plain = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
