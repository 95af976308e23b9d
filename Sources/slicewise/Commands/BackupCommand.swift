internal import ArgumentParser
internal import Foundation
internal import Store

/// `slicewise backup`: copies all data, also while the service runs.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy all data of the service into one new file.",
        discussion: """
            The service may run meanwhile: the copy has the state of one moment, with complete transactions only, and \
            is checked before it gets its name. To restore it, stop the service and put the file into an empty data \
            folder as slicewise.sqlite.
            """)

    @Option(help: ArgumentHelp("The file to make; it must not exist yet.", valueName: "file"))
    var out: String

    @Option(help: ArgumentHelp("The service's data folder. (default: as in its settings)", valueName: "folder"))
    var data: String?

    @Option(help: ArgumentHelp("The service's settings file.", valueName: "file"))
    var config: String?

    func run() async throws {
        let given = [("--data", data), ("--config", config)].flatMap { name, value in value.map { [name, $0] } ?? [] }
        let settings = try Settings.load(flags: try SettingsFlags.parse(given))
        let file = URL(filePath: out)
        try await Store.backup(folder: URL(filePath: settings.data.folder, directoryHint: .isDirectory), to: file)
        let bytes = try file.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        say("wrote \(file.path): \(bytes.formatted()) bytes, checked")
    }
}
