internal import ArgumentParser
internal import Foundation
internal import HTTP
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
            Prints its address once it accepts requests, and logs to standard error. On SIGTERM and SIGINT (Ctrl-C) it \
            finishes the requests in progress and stops; an interrupted training continues from its last checkpoint \
            when the service is started again.

            Every flag but --config is a setting. The order of precedence is the flag, its environment variable \
            (SLICEWISE_HTTP_PORT for http.port), the file given by --config or SLICEWISE_CONFIG, the default.
            """)

    @Flag(help: "Only check the settings, the TLS files, the data folder and what Slurm says; change nothing.")
    var check = false

    @OptionGroup var flags: SettingsFlags

    func run() async throws {
        let settings = try Settings.load(flags: flags)
        let log = LineLog.standardError(settings.log.format)
        defer { log.close(within: .seconds(1)) }
        var logger = Logger(label: "slicewise") { _ in LineLog(format: settings.log.format, writer: log) }
        if check {
            try await Service(settings: settings, logger: logger).check()
            return say("The settings are valid.")
        }
        logger.logLevel = Logger.Level(rawValue: settings.log.level) ?? .info
        let metrics = ServerMetrics()
        metrics.add(counter: "slicewise_log_dropped_lines_total", "Lines of the log that nobody read.") { log.dropped }
        // Uploads and downloads that are kept as files are nobody else's business.
        umask(0o077)
        let service = Service(settings: settings, logger: logger, metrics: metrics)
        let signals = StopSignals()
        // If the size of files is limited, a write beyond the limit must fail rather than end the service.
        signal(SIGXFSZ, SIG_IGN)
        // The same for a reader of the output that leaves.
        signal(SIGPIPE, SIG_IGN)
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
