internal import ArgumentParser
internal import Foundation
internal import Store

/// `slicewise token revoke`: an end to a token.
struct TokenRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Take a token's rights away, from its next request on.",
        discussion: """
            A revoked token stays in the list, so that a server whose last token is revoked stays shut. --forget removes \
            it from there too; a server that has no token at all in its list answers its own machine without one.
            """)

    @Argument(help: "The token's name.")
    var name: String

    @Flag(help: "Also remove it, and revoked ones of the same name, from the list.")
    var forget = false

    @OptionGroup var place: DataFolderFlags

    func run() async throws {
        let folder = try place.folder()
        guard try Store.hasTokens(in: folder) else { throw CommandError("there is no token in \(folder.path)") }
        try await TokenCommand.visit(folder) { store in
            let isInUse = try store.tokenCache.tokens().contains { $0.name == name && $0.revoked == nil }
            if isInUse || !forget { try await store.revokeToken(named: name) }
            if forget { try await store.forgetTokens(named: name) }
        }
        print("The token \(name) is \(forget ? "revoked and forgotten" : "revoked").")
    }
}
