internal import Configuration
internal import Logging
package import Slurm

/// The settings, read once when the program starts; the defaults are in `Config/slicewise.json`.
package struct Settings: Hashable, Sendable {
    package struct HTTP: Hashable, Sendable {
        package var host: String
        /// 0 for any free port.
        package var port: Int
        package var threads: Int
        package var connections: Int
        /// After how many idle seconds a connection is closed.
        package var timeoutSeconds: Int
        /// The fewest bytes per second of a connection, averaged over that time; 0 for no limit.
        package var minimumBytesPerSecond: Int
        /// Open connections per client address; 0 for no limit.
        package var connectionsPerAddress: Int
        /// PEM files; without them connections are not encrypted.
        package var tlsCertificate: String
        package var tlsKey: String
        /// Origins of other sites whose pages may use the server, separated by commas.
        package var allowedOrigins: String
    }

    package struct Limits: Hashable, Sendable {
        /// The largest file that may be uploaded.
        package var uploadMegabytes: Int
        /// The most voxel data that an uploaded file may hold once it is unpacked.
        package var volumeMegabytes: Int
        /// The disk space of files made for downloads; beyond it the oldest are removed.
        package var exportMegabytes: Int
        /// The memory for the bodies of all requests together; at least that of the largest slice.
        package var bodyMegabytes: Int
    }

    package struct Import: Hashable, Sendable {
        /// Folders of this machine, and addresses of folders of web servers, whose files may be taken as volumes, separated
        /// by colons.
        package var roots: String
    }

    /// Where a project answers clients of MONAI Label that know no paths, over TLS.
    package struct MONAI: Hashable, Sendable {
        /// The project's name; empty for none.
        package var project: String
        package var host: String
        /// 0 for any free port.
        package var port: Int
    }

    package struct Data: Hashable, Sendable {
        package var folder: String
    }

    package struct Training: Hashable, Sendable {
        /// 0 for every core of the machine.
        package var threads: Int
        /// Added to the niceness of the threads that train and predict.
        package var niceness: Int
        /// Seconds between checkpoints, from which a training continues after a crash.
        package var checkpointSeconds: Int
    }

    package struct Workers: Hashable, Sendable {
        /// What decides where and when jobs are computed.
        package enum Engine: String, CaseIterable, Sendable {
            /// The server, and workers that ask it.
            case local
            /// Slurm, which starts a worker for each job, and workers that ask the server.
            case slurm
        }

        package var engine: Engine
        /// 1 if the server computes jobs itself, 0 if only workers on other machines do.
        package var local: Int
        /// Seconds after which a job is taken from a worker that was not heard of.
        package var lease: Int
        package var slurm: SlurmSettings
    }

    package struct Log: Hashable, Sendable {
        package var level: String
        package var format: LogFormat
    }

    package var http: HTTP
    package var limits: Limits
    package var imports: Import
    package var monai: MONAI
    package var data: Data
    package var training: Training
    package var workers: Workers
    package var log: Log

    /// Reads every setting; throws for one that is missing, of the wrong type or out of range.
    init(_ config: ConfigReader) throws {
        http = HTTP(
            host: try config.requiredString(forKey: "http.host"),
            port: try config.int("http.port", in: 0...65535),
            threads: try config.int("http.threads", in: 1...256),
            connections: try config.int("http.connections", in: 1...100_000),
            timeoutSeconds: try config.int("http.timeoutSeconds", in: 1...86400),
            minimumBytesPerSecond: try config.int("http.minimumBytesPerSecond", in: 0...1_000_000),
            connectionsPerAddress: try config.int("http.connectionsPerAddress", in: 0...100_000),
            tlsCertificate: try config.requiredString(forKey: "http.tlsCertificate"),
            tlsKey: try config.requiredString(forKey: "http.tlsKey"),
            allowedOrigins: try config.requiredString(forKey: "http.allowedOrigins"))
        _ = try http.origins()
        limits = Limits(
            uploadMegabytes: try config.int("limits.uploadMegabytes", in: 1...10_000_000),
            volumeMegabytes: try config.int("limits.volumeMegabytes", in: 1...10_000_000),
            exportMegabytes: try config.int("limits.exportMegabytes", in: 1...10_000_000),
            bodyMegabytes: try config.int("limits.bodyMegabytes", in: 64...1_000_000))
        imports = Import(roots: try config.requiredString(forKey: "import.roots"))
        _ = try imports.folders()
        monai = MONAI(
            project: try config.requiredString(forKey: "monai.project"),
            host: try config.requiredString(forKey: "monai.host"),
            port: try config.int("monai.port", in: 0...65535))
        try monai.check(http)
        data = Data(folder: try config.requiredString(forKey: "data.folder"))
        training = Training(
            threads: try config.int("training.threads", in: 0...1024),
            niceness: try config.int("training.niceness", in: 0...19),
            checkpointSeconds: try config.int("training.checkpointSeconds", in: 1...86400))
        let engine = try config.requiredString(forKey: "workers.engine")
        guard let knownEngine = Workers.Engine(rawValue: engine) else {
            throw SettingsError.outOfRange(key: "workers.engine", value: engine, allowed: "local or slurm")
        }
        workers = Workers(
            engine: knownEngine, local: try config.int("workers.local", in: 0...1),
            lease: try config.int("workers.lease", in: 2...86400), slurm: try SlurmSettings(config))
        if workers.engine == .slurm { try workers.slurm.check() }
        let format = try config.requiredString(forKey: "log.format")
        guard let known = LogFormat(rawValue: format) else {
            throw SettingsError.outOfRange(key: "log.format", value: format, allowed: "text or json")
        }
        log = Log(level: try config.requiredString(forKey: "log.level"), format: known)
        guard Logger.Level(rawValue: log.level) != nil else {
            let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw SettingsError.outOfRange(key: "log.level", value: log.level, allowed: "one of \(levels)")
        }
        guard !data.folder.isEmpty else {
            throw SettingsError.outOfRange(key: "data.folder", value: "", allowed: "a folder's path")
        }
    }
}

extension ConfigReader {
    func int(_ key: String, in range: ClosedRange<Int>) throws -> Int {
        let value = try requiredInt(forKey: ConfigKey(key))
        guard range.contains(value) else {
            throw SettingsError.outOfRange(
                key: key, value: String(value), allowed: "from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
