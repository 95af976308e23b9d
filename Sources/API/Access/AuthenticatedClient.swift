internal import HTTP
internal import Store

/// The client of a request: the bearer of a token.
struct AuthenticatedClient: Principal {
    let token: TokenRecord

    var name: String { token.name }

    func sees(_ project: String) -> Bool { token.scope.covers(project) }

    /// Throws 403 unless the token has the role in the project, or in any project if none is given.
    func demand(_ role: Role, in project: String?) throws(HTTPError) {
        let place = project.map { " in the project \($0)" } ?? ""
        if let project, !sees(project) {
            throw HTTPError(
                403, "this needs the role \(role.rawValue)\(place); the token \(name) is for other projects")
        }
        guard token.role.permits(role) else {
            throw HTTPError(
                403,
                "this needs the role \(role.rawValue)\(place); the token \(name) has the role \(token.role.rawValue)")
        }
    }
}

extension Request {
    /// The authenticated client; `nil` if no token is needed.
    var client: AuthenticatedClient? { head.principal as? AuthenticatedClient }

    /// Whether the client may see a project.
    func sees(_ project: String) -> Bool { client?.sees(project) ?? true }
}
