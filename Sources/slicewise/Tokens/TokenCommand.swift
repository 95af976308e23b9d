internal import ArgumentParser
internal import Foundation
internal import Store

/// `slicewise token`: who may use the server.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke access tokens.",
        discussion: """
            Without tokens the server answers only its own machine. Once there is one, every request needs one. The \
            command may be used while a server runs, which applies changes at once; run it as the owner of the data \
            folder.
            """,
        subcommands: [TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self])

    /// Opens the store of a folder, also while a server uses it, runs the body and closes the store.
    static func visit<Value>(_ folder: URL, _ body: (Store) async throws -> Value) async throws -> Value {
        let store = try Store.visiting(folder)
        let result: Result<Value, any Error>
        do { result = .success(try await body(store)) } catch { result = .failure(error) }
        try store.close()
        return try result.get()
    }
}
