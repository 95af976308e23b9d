internal import ArgumentParser
internal import Foundation
internal import Store

/// `slicewise backup`: a copy of everything, also while the service works.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy everything that the service keeps into one new file.",
        discussion: """
            The service may go on working meanwhile: the copy holds what was there at one moment, all of it or none of \
            any change, and is checked before it takes its name. To restore it, stop the service and put the file into \
            an empty data folder as slicewise.sqlite.
            """)

    @Option(help: ArgumentHelp("The file to make; it must not be there yet.", valueName: "file"))
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
