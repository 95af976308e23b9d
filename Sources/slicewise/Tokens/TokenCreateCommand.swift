internal import ArgumentParser
internal import Foundation
internal import Store

/// `slicewise token create`: a new token, shown once.
struct TokenCreateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token and print it, this once.",
        discussion: """
            Roles, each with the rights of those before it: viewer looks, annotator annotates, trainer brings volumes and \
            runs jobs, admin changes and removes projects. Clients send it as "Authorization: Bearer TOKEN".
            """)

    @Option(help: "Whose it is; the audit log and annotations bear this name.")
    var name: String

    @Option(help: "viewer, annotator, trainer or admin.")
    var role: Role

    @Option(help: "A project it is for; repeat it for several. (default: all, future ones too)")
    var project: [String] = []

    @Option(help: ArgumentHelp("Days until it expires. (default: never)", valueName: "days"))
    var expiresDays: Int?

    @OptionGroup var place: DataFolderFlags

    func validate() throws {
        if let expiresDays, !(1...36_500).contains(expiresDays) {
            throw ValidationError("--expires-days is a number from 1 to 36500.")
        }
    }

    func run() async throws {
        let expires = expiresDays.map { Date(timeIntervalSinceNow: Double($0) * 86_400) }
        let (record, text) = try await TokenCommand.visit(place.folder()) { store in
            try await store.createToken(
                name: name, role: role, projects: project.isEmpty ? nil : project, expires: expires)
        }
        let note =
            "The token of \(record.name), \(record.role.rawValue) \(record.scope.text). It is shown this once: keep it.\n"
        FileHandle.standardError.write(Data(note.utf8))
        print(text)
    }
}

extension Role: ExpressibleByArgument {}

extension TokenRecord.Scope {
    /// In words.
    var text: String {
        switch self {
        case .everywhere: "in all projects"
        case .projects(let names) where names.isEmpty: "in no project any more"
        case .projects(let names): "in \(names.sorted().joined(separator: ", "))"
        }
    }
}
