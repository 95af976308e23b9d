internal import ArgumentParser
internal import Foundation
internal import Store

/// `slicewise token list`: the tokens without their secret texts, which are not stored.
struct TokenListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tokens, revoked and expired ones too.")

    /// A row of the JSON output.
    private struct Row: Encodable {
        var name: String
        var role: String
        /// `null` for all projects.
        var projects: [String]?
        var state: String
        var created: Date
        var expires: Date?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(name, forKey: .name)
            try container.encode(role, forKey: .role)
            try container.encode(projects, forKey: .projects)
            try container.encode(state, forKey: .state)
            try container.encode(created, forKey: .created)
            try container.encode(expires, forKey: .expires)
        }

        private enum CodingKeys: CodingKey { case name, role, projects, state, created, expires }
    }

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    @OptionGroup var dataFolder: DataFolderFlags

    func run() async throws {
        let folder = try dataFolder.folder()
        let tokens =
            try Store.hasTokens(in: folder) ? await TokenCommand.visit(folder) { try $0.tokenCache.tokens() } : []
        guard !json else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            encoder.dateEncodingStrategy = .iso8601
            print(String(decoding: try encoder.encode(tokens.map(Self.row)), as: UTF8.self))
            return
        }
        guard !tokens.isEmpty else { return print("There is no token; the server answers only its own machine.") }
        var table = TextTable(["name", "role", "projects", "state", "created", "expires"])
        for token in tokens {
            let row = Self.row(token)
            table.add([
                row.name, row.role, row.projects?.joined(separator: ", ") ?? "all", row.state, Self.day(row.created),
                row.expires.map(Self.day) ?? "never",
            ])
        }
        print(table.text)
    }

    private static func row(_ token: TokenRecord) -> Row {
        var projects: [String]?
        if case .projects(let names) = token.scope { projects = names.sorted() }
        let state = token.revoked != nil ? "revoked" : token.isExpired() ? "expired" : "valid"
        return Row(
            name: token.name, role: token.role.rawValue, projects: projects, state: state, created: token.created,
            expires: token.expires)
    }

    private static func day(_ date: Date) -> String { date.formatted(Date.ISO8601FormatStyle().year().month().day()) }
}
