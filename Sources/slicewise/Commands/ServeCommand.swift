internal import ArgumentParser
internal import Foundation
internal import Jobs
internal import Logging

/// `slicewise serve`: the annotation service.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Start the annotation service.",
        usage:
            "slicewise serve [--check] [--config <file>] [--data <folder>] [--host <host>] [--port <port>] [<setting> ...]",
        discussion: """
            Prints its address once it answers, logs to standard error. SIGTERM and SIGINT (Ctrl-C) finish what is in \
            flight; a training that is interrupted goes on from its last checkpoint when the service is started again.

            Every flag but --config is a setting: a flag goes before its environment variable (SLICEWISE_HTTP_PORT for \
            http.port), that before the file given by --config or SLICEWISE_CONFIG, that before the default.
            """)

    @Flag(help: "Only check the settings, the TLS files and the data folder; changes nothing.")
    var check = false

    @OptionGroup var flags: SettingsFlags

    func run() async throws {
        let settings = try Settings.load(flags: flags)
        var logger = Logger(label: "slicewise") { _ in LineLog(format: settings.log.format) }
        if check {
            try Service(settings: settings, logger: logger).check()
            return say("The settings are right.")
        }
        logger.logLevel = Logger.Level(rawValue: settings.log.level) ?? .info
        let service = Service(settings: settings, logger: logger)
        let signals = StopSignals()
        // Where the size of files is limited, a write beyond it shall fail, not end the service.
        signal(SIGXFSZ, SIG_IGN)
        Allocator.prepare()
        try await withThrowingTaskGroup { group in
            group.addTask {
                try await service.run { say("listening on \($0)") }
            }
            group.addTask { await signals.wait() }
            try await group.next()
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}
