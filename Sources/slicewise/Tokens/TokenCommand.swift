internal import ArgumentParser
internal import Foundation
internal import Store

/// `slicewise token`: who may use the server.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke access tokens.",
        discussion: """
            Without tokens the server answers its own machine only. Once there is one, every request needs one. Works \
            beside a running server, which knows of every change at once; run it as the user whose folder the data are.
            """,
        subcommands: [TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self])

    /// Does something with the store of a folder, whether a server has it or not.
    static func visit<Value>(_ folder: URL, _ body: (Store) async throws -> Value) async throws -> Value {
        let store = try Store.visiting(folder)
        let result: Result<Value, any Error>
        do { result = .success(try await body(store)) } catch { result = .failure(error) }
        try store.close()
        return try result.get()
    }
}
