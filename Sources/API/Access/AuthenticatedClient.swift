internal import HTTP
internal import Store

/// Who asks: the bearer of a token.
struct AuthenticatedClient: Principal {
    let token: TokenRecord

    var name: String { token.name }

    func sees(_ project: String) -> Bool { token.scope.covers(project) }

    /// 403 unless the token has the role: in a project, or anywhere at all where none is named.
    func demand(_ role: Role, in project: String?) throws(HTTPError) {
        let place = project.map { " in the project \($0)" } ?? ""
        if let project, !sees(project) {
            throw HTTPError(
                403, "this needs the role \(role.rawValue)\(place); the token \(name) is for other projects")
        }
        guard token.role >= role else {
            throw HTTPError(
                403,
                "this needs the role \(role.rawValue)\(place); the token \(name) has the role \(token.role.rawValue)")
        }
    }
}

extension Request {
    /// Who asks; `nil` where no token is needed.
    var client: AuthenticatedClient? { head.principal as? AuthenticatedClient }

    /// Whether who asks may see a project.
    func sees(_ project: String) -> Bool { client?.sees(project) ?? true }
}
