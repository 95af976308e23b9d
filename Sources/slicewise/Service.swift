internal import API
internal import Foundation
internal import HTTP
internal import Jobs
internal import Logging
internal import Store

/// The annotation service: store, jobs and HTTP interface in one process.
struct Service: Sendable {
    let settings: Settings
    let logger: Logger
    var metrics = ServerMetrics()

    /// Serves until its task is cancelled, then finishes the requests in progress; a running training is queued again.
    ///
    /// `listening` is called with the address when the server accepts requests; then once more if a project has one of its
    /// own.
    func run(listening: @escaping @Sendable (String) -> Void) async throws {
        let options = try serverOptions()
        var storeOptions = StoreOptions()
        storeOptions.crossingBytes = min(storeOptions.crossingBytes, SystemResources.inMemory / 16)
        let store = try Store(folder: folder, options: storeOptions)
        if store.wasOpenToOthers {
            logger.warning(
                "other users of this machine had rights to the data folder; now only its owner has",
                metadata: ["folder": "\(folder.path)"])
        }
        try requireTokensIfReachable(hasTokens: !store.tokenCache.tokens().isEmpty)
        if !settings.http.isLocal, options.tls == nil {
            logger.warning(
                "tokens are sent unencrypted: set http.tlsCertificate and http.tlsKey, or use a proxy with TLS")
        }
        if !settings.monai.project.isEmpty, try !store.tokenCache.tokens().isEmpty {
            logger.warning("MITK sends no token: at the address of monai.project it gets 401 until there are none")
        }
        let predictions = PredictionService(store: store, settings: jobSettings)
        let jobs = JobQueue(store: store, predictions: predictions, logger: logger)
        var router = Router(logger: logger)
        API(
            store: store, jobs: jobs, predictions: predictions, settings: try apiSettings(), metrics: metrics,
            logger: logger
        ).register(on: &router)
        let responder = router.freeze()
        let server = Server(options: options, responder: responder, logger: logger, metrics: metrics)
        let dispatcher = try await slurmDispatcher(jobs, store)
        let (started, start) = AsyncStream.makeStream(of: Never.self)
        try await withThrowingTaskGroup { group in
            group.addTask {
                // Being cancelled is not a failure.
                do { try await jobs.run() } catch is CancellationError {}
            }
            if let dispatcher { group.addTask { await dispatcher.run() } }
            group.addTask { await LevelMaker(store: store, logger: logger).run() }
            group.addTask { await watch(store) }
            group.addTask {
                try await server.run { port in
                    listening(Self.address(options, port))
                    start.finish()
                }
            }
            if let options = try monaiOptions() {
                let project = settings.monai.project
                let server = Server(
                    options: options, responder: responder.rooted(at: API.monaiPath(of: project)), logger: logger,
                    metrics: metrics)
                group.addTask {
                    for await _ in started {}
                    guard !Task.isCancelled else { return }
                    try await server.run { listening("\(Self.address(options, $0)) for MITK: \(project)") }
                }
            }
            try await group.next()
            group.cancelAll()
            try await group.waitForAll()
        }
        try store.close()
    }

    private static func address(_ options: ServerOptions, _ port: Int) -> String {
        let host = options.host
        return "\(options.tls == nil ? "http" : "https")://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    /// Says in the log when the data folder goes or is there again, until its task is cancelled.
    private func watch(_ store: Store) async {
        var wasInPlace = true
        while (try? await Task.sleep(for: .seconds(2))) != nil {
            let isInPlace = store.isInPlace
            if wasInPlace, !isInPlace { logger.critical("\(StoreError.gone(store.folder))") }
            if !wasInPlace, isInPlace { logger.notice("the data folder is there again") }
            wasInPlace = isInPlace
        }
    }

    /// Throws the error that a start would fail with, except that the port or the folder is in use; changes nothing.
    func check() async throws {
        try check(try serverOptions(), host: "http.host")
        if let options = try monaiOptions() { try check(options, host: "monai.host") }
        _ = try apiSettings()
        try DataFolder(url: folder).checkWritable()
        let hasTokens = try Store.hasTokens(in: folder)
        try requireTokensIfReachable(hasTokens: hasTokens)
        try await checkSlurm(hasTokens: hasTokens)
    }

    /// Throws what a server would say of its options, by the name of the setting; `host` is that of its address.
    private func check(_ options: ServerOptions, host: String) throws {
        do {
            try Server.check(options)
        } catch let error as ServerError {
            let setting =
                switch error {
                case .cannotListen: host
                case .tooManyConnections: "http.connections"
                case .notStarted: "http.tlsCertificate and http.tlsKey"
                }
            throw CommandError("\(setting): \(error)")
        }
    }

    private var folder: URL { URL(filePath: settings.data.folder, directoryHint: .isDirectory) }

    /// Throws if the server would be reachable from other machines without tokens.
    private func requireTokensIfReachable(hasTokens: Bool) throws {
        guard settings.isLocal || hasTokens else {
            let setting =
                settings.http.isLocal ? "monai.host is \(settings.monai.host)" : "http.host is \(settings.http.host)"
            throw CommandError(
                "\(setting), but without access tokens the server answers only this machine: make a token "
                    + "with `slicewise token create --name NAME --role admin` (and the same --data), or use 127.0.0.1")
        }
    }

    private func serverOptions() throws -> ServerOptions {
        var options = ServerOptions(host: settings.http.host, port: settings.http.port)
        options.threads = settings.http.threads
        options.connectionLimit = settings.http.connections
        options.timeoutSeconds = settings.http.timeoutSeconds
        options.minimumRate = settings.http.minimumBytesPerSecond
        options.connectionsPerAddress = settings.http.connectionsPerAddress
        options.bodyMemory = settings.limits.bodyMegabytes << 20
        options.tls = try settings.http.tls()
        return options
    }

    /// For the clients of MONAI Label that know no paths, of which there are few; `nil` if there shall be none.
    private func monaiOptions() throws -> ServerOptions? {
        guard !settings.monai.project.isEmpty else { return nil }
        var options = try serverOptions()
        (options.host, options.port) = (settings.monai.host, settings.monai.port)
        options.connectionLimit = min(options.connectionLimit, 16)
        options.handlerThreads = 4
        return options
    }

    private var jobSettings: JobSettings {
        var jobs = JobSettings()
        jobs.threads = settings.training.threads == 0 ? nil : settings.training.threads
        jobs.niceness = settings.training.niceness
        jobs.checkpointInterval = Double(settings.training.checkpointSeconds)
        jobs.computesJobs = settings.workers.local > 0 && settings.workers.engine == .local
        jobs.tilesHaveHelpers = tilesHaveHelpers
        jobs.leaseSeconds = Double(settings.workers.lease)
        jobs.rankLauncher = rankLauncher
        return jobs
    }

    private func apiSettings() throws -> APISettings {
        var api = APISettings(
            uploadLimit: settings.limits.uploadMegabytes << 20, volumeLimit: settings.limits.volumeMegabytes << 20,
            exportLimit: settings.limits.exportMegabytes << 20)
        api.isLocal = settings.isLocal
        api.version = Slicewise.version
        api.allowedOrigins = try settings.http.origins()
        api.importRoots = try settings.imports.folders()
        return api
    }
}
