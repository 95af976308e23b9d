internal import ArgumentParser
internal import Foundation
internal import Store

/// `slicewise token create`: a new token, shown once.
struct TokenCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token and print it; it is not shown again.",
        discussion: """
            Roles, each with the rights of those before it: viewer reads, annotator annotates, trainer uploads volumes \
            and runs jobs, admin changes and removes projects; and worker, for `slicewise worker` only. Clients send it \
            as "Authorization: Bearer TOKEN".
            """)

    @Option(help: "The name of its user, for the audit log and annotations.")
    var name: String

    @Option(help: "viewer, annotator, trainer, admin or worker.")
    var role: Role

    @Option(help: "A project it gives access to; repeat it for several. (default: all, also future ones)")
    var project: [String] = []

    @Option(help: ArgumentHelp("Days until it expires. (default: never)", valueName: "days"))
    var expiresDays: Int?

    @OptionGroup var dataFolder: DataFolderFlags

    func validate() throws {
        if let expiresDays, !(1...36_500).contains(expiresDays) {
            throw ValidationError("--expires-days must be a number from 1 to 36500.")
        }
    }

    func run() async throws {
        let expires = expiresDays.map { Date(timeIntervalSinceNow: Double($0) * 86_400) }
        let (record, text) = try await TokenCommand.visit(dataFolder.folder()) { store in
            try await store.createToken(
                name: name, role: role, projects: project.isEmpty ? nil : project, expires: expires)
        }
        let note =
            "The token of \(record.name), \(record.role.rawValue) \(record.scope.text). It is shown only once.\n"
        FileHandle.standardError.write(Data(note.utf8))
        print(text)
    }
}

extension Role: ExpressibleByArgument {}

extension TokenRecord.Scope {
    /// The scope in words.
    var text: String {
        switch self {
        case .everywhere: "in all projects"
        case .projects(let names) where names.isEmpty: "in no project, as all of its projects were removed"
        case .projects(let names): "in \(names.sorted().joined(separator: ", "))"
        }
    }
}
