internal import ArgumentParser
internal import Foundation

/// The flags for the data folder, for commands that use a server's data.
struct DataFolderFlags: ParsableArguments {
    @Option(help: ArgumentHelp("The settings file of the server.", valueName: "file"))
    var config: String?

    @Option(help: ArgumentHelp("The folder that holds the database. (default: data)", valueName: "folder"))
    var data: String?

    /// The folder that a server with the same flags, environment and file would use.
    func folder() throws -> URL {
        var flags = try SettingsFlags.parse([])
        flags.config = config
        flags.data = data
        return URL(filePath: try Settings.load(flags: flags).data.folder, directoryHint: .isDirectory)
    }
}
