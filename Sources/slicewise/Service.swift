internal import API
internal import Foundation
internal import HTTP
internal import Jobs
internal import Logging
internal import Store

/// The annotation service put together: store, job runner and HTTP interface in one process.
struct Service: Sendable {
    let settings: Settings
    let logger: Logger

    /// Serves until its task is cancelled, then lets what is in flight finish; a training goes back to the queue.
    ///
    /// `listening` is called once, with the address, when the server answers.
    func run(listening: @escaping @Sendable (String) -> Void) async throws {
        try refuseStrangers()
        let store = try Store(folder: URL(filePath: settings.data.folder, directoryHint: .isDirectory))
        let runner = JobRunner(store: store, settings: jobSettings, logger: logger)
        var router = Router(logger: logger)
        API(store: store, runner: runner, settings: apiSettings).register(on: &router)
        let server = Server(options: serverOptions, responder: router.freeze(), logger: logger)
        let host = settings.http.host
        try await withThrowingTaskGroup { group in
            group.addTask { try await runner.run() }
            group.addTask {
                try await server.run { port in listening("http://\(host.contains(":") ? "[\(host)]" : host):\(port)") }
            }
            try await group.next()
            group.cancelAll()
            try await group.waitForAll()
        }
        try store.close()
    }

    /// Nobody proves who they are yet, so only this machine may ask.
    private func refuseStrangers() throws {
        let host = settings.http.host
        guard host == "localhost" || host == "::1" || host.hasPrefix("127.") else {
            throw CommandError(
                "http.host is \(host), but without access tokens the server answers this machine only: use 127.0.0.1 "
                    + "and reach it from elsewhere through a tunnel, ssh -L \(settings.http.port):127.0.0.1:\(settings.http.port)"
            )
        }
    }

    private var serverOptions: ServerOptions {
        var options = ServerOptions(host: settings.http.host, port: settings.http.port)
        options.threads = settings.http.threads
        options.connectionLimit = settings.http.connections
        options.timeoutSeconds = settings.http.timeoutSeconds
        options.minimumRate = settings.http.minimumBytesPerSecond
        options.connectionsPerAddress = settings.http.connectionsPerAddress
        return options
    }

    private var jobSettings: JobSettings {
        var jobs = JobSettings()
        jobs.threads = settings.training.threads == 0 ? nil : settings.training.threads
        jobs.niceness = settings.training.niceness
        jobs.checkpointInterval = Double(settings.training.checkpointSeconds)
        return jobs
    }

    private var apiSettings: APISettings {
        APISettings(
            uploadLimit: settings.limits.uploadMegabytes << 20, volumeLimit: settings.limits.volumeMegabytes << 20,
            exportLimit: settings.limits.exportMegabytes << 20)
    }
}
