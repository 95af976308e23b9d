internal import ArgumentParser
internal import Foundation
internal import Store

/// `slicewise token revoke`: makes a token invalid.
struct TokenRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Make a token invalid, from its next request on.",
        discussion: """
            A revoked token stays in the list, so that a server whose last token is revoked still requires tokens. \
            --forget also removes it from the list; a server whose list is empty answers its own machine without a \
            token.
            """)

    @Argument(help: "The token's name.")
    var name: String

    @Flag(help: "Also remove it, and revoked ones of the same name, from the list.")
    var forget = false

    @OptionGroup var dataFolder: DataFolderFlags

    func run() async throws {
        let folder = try dataFolder.folder()
        guard try Store.hasTokens(in: folder) else { throw CommandError("there is no token in \(folder.path)") }
        try await TokenCommand.visit(folder) { store in
            let isInUse = try store.tokenCache.tokens().contains { $0.name == name && $0.revoked == nil }
            if isInUse || !forget { try await store.revokeToken(named: name) }
            if forget { try await store.forgetTokens(named: name) }
        }
        print("The token \(name) is \(forget ? "revoked and forgotten" : "revoked").")
    }
}
