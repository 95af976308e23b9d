internal import ArgumentParser
internal import Configuration

/// The settings as flags; settings that are not given come from the environment, the file or the defaults.
struct SettingsFlags: ParsableArguments {
    @Option(help: ArgumentHelp("A JSON file with settings that differ from the defaults.", valueName: "file"))
    var config: String?

    @Option(
        name: [.customLong("data"), .customLong("data-folder")],
        help: ArgumentHelp("The folder that holds the database and every volume. (default: data)", valueName: "folder"))
    var data: String?

    @Option(
        name: [.customLong("host"), .customLong("http-host")],
        help: "The address to listen on. (default: 127.0.0.1)")
    var host: String?

    @Option(
        name: [.customLong("port"), .customLong("http-port")],
        help: "The port to listen on; 0 takes a free one. (default: 8080)")
    var port: Int?

    @Option(help: "Threads that receive requests and send replies. (default: 2)")
    var httpThreads: Int?

    @Option(help: "Connections open at once. (default: 512)")
    var httpConnections: Int?

    @Option(help: "Idle seconds before a connection is closed. (default: 60)")
    var httpTimeoutSeconds: Int?

    @Option(help: "The fewest bytes per second of a connection over that time; 0 for no limit. (default: 512)")
    var httpMinimumBytesPerSecond: Int?

    @Option(help: "Open connections per client address; 0 for no limit. (default: 0)")
    var httpConnectionsPerAddress: Int?

    @Option(help: ArgumentHelp("The certificate chain for TLS, PEM. (default: no TLS)", valueName: "file"))
    var httpTlsCertificate: String?

    @Option(help: ArgumentHelp("The certificate's private key, PEM. (default: no TLS)", valueName: "file"))
    var httpTlsKey: String?

    @Option(help: ArgumentHelp("Other sites whose pages may use the server. (default: none)", valueName: "origins"))
    var httpAllowedOrigins: String?

    @Option(help: "The largest file that may be uploaded, in MiB. (default: 65536)")
    var limitsUploadMegabytes: Int?

    @Option(help: "The most voxel data that an uploaded file may unpack to, in MiB. (default: 262144)")
    var limitsVolumeMegabytes: Int?

    @Option(help: "The disk space of files made for downloads, in MiB. (default: 16384)")
    var limitsExportMegabytes: Int?

    @Option(help: "The memory for the bodies of all requests together, in MiB. (default: 256)")
    var limitsBodyMegabytes: Int?

    @Option(
        help: ArgumentHelp(
            "Folders and addresses from which volumes may be taken, with colons between them. (default: none)",
            valueName: "folders"))
    var importRoots: String?

    @Option(
        help: ArgumentHelp(
            "The project that answers MITK, at the root of an address of its own. (default: none)", valueName: "project"
        ))
    var monaiProject: String?

    @Option(help: "The address to listen on for MITK. (default: 127.0.0.1)")
    var monaiHost: String?

    @Option(help: "The port to listen on for MITK; 0 takes a free one. (default: 8443)")
    var monaiPort: Int?

    @Option(help: "Threads that train and predict; 0 for every core. (default: 0)")
    var trainingThreads: Int?

    @Option(help: "The niceness of these threads, 0 to 19. (default: 0)")
    var trainingNiceness: Int?

    @Option(help: "Seconds between checkpoints, from which a training continues after a crash. (default: 15)")
    var trainingCheckpointSeconds: Int?

    @Option(help: "What has jobs computed: local (the server and workers) or slurm. (default: local)")
    var workersEngine: String?

    @Option(help: "1 if the server computes jobs itself, 0 if only workers on other machines do. (default: 1)")
    var workersLocal: Int?

    @Option(help: "Seconds after which a job is taken from a worker that was not heard of. (default: 60)")
    var workersLease: Int?

    @Option(
        help: ArgumentHelp("For slurm: the server's address as nodes reach it. (default: none)", valueName: "address"))
    var workersSlurmServer: String?

    @Option(
        help: ArgumentHelp("For slurm: a file of the nodes with a worker's token. (default: none)", valueName: "file"))
    var workersSlurmTokenFile: String?

    @Option(
        help: ArgumentHelp("For slurm: this program on the nodes. (default: where it is here)", valueName: "path"))
    var workersSlurmProgram: String?

    @Option(help: "For slurm: the partition. (default: Slurm's)")
    var workersSlurmPartition: String?

    @Option(help: "For slurm: the account. (default: the user's)")
    var workersSlurmAccount: String?

    @Option(help: "For slurm: the quality of service. (default: the account's)")
    var workersSlurmQos: String?

    @Option(help: "For slurm: the longest time of a worker, such as 8:00:00. (default: the partition's)")
    var workersSlurmTime: String?

    @Option(help: "For slurm: cores of a worker. (default: 4)")
    var workersSlurmCpus: Int?

    @Option(help: "For slurm: memory of a worker, in MiB; 0 for what its job needs. (default: 0)")
    var workersSlurmMemoryMegabytes: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("For slurm: more flags of sbatch, with spaces. (default: none)", valueName: "flags"))
    var workersSlurmFlags: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("For slurm: those of trainings besides. (default: none)", valueName: "flags"))
    var workersSlurmTrainFlags: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("For slurm: those of predictions besides. (default: none)", valueName: "flags"))
    var workersSlurmPredictFlags: String?

    @Option(
        help: ArgumentHelp("For slurm: a file of the nodes for what workers print. (default: none)", valueName: "file"))
    var workersSlurmOutput: String?

    @Option(
        help: ArgumentHelp("For slurm: a folder of the nodes for volumes. (default: temporary)", valueName: "folder"))
    var workersSlurmCache: String?

    @Option(help: "For slurm: the most workers that help with the tiles of a prediction. (default: 8)")
    var workersSlurmTileWorkers: Int?

    @Option(help: "For slurm: seconds between two looks at its list. (default: 5)")
    var workersSlurmPollSeconds: Int?

    @Option(help: "For slurm: the MPI by which trainings have several processes, such as pmix. (default: none)")
    var workersSlurmMpi: String?

    @Option(
        help: ArgumentHelp(
            "For slurm: libslicewise_mpi.so on the nodes. (default: beside the program)", valueName: "file"))
    var workersSlurmMpiLibrary: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: String?

    @Option(help: "text (logfmt) or json. (default: text)")
    var logFormat: String?

    var provider: InMemoryProvider {
        let strings: [String: String?] = [
            "http.host": host, "http.tlsCertificate": httpTlsCertificate, "http.tlsKey": httpTlsKey,
            "http.allowedOrigins": httpAllowedOrigins, "import.roots": importRoots, "data.folder": data,
            "monai.project": monaiProject, "monai.host": monaiHost, "log.level": logLevel, "log.format": logFormat,
            "workers.engine": workersEngine, "workers.slurm.server": workersSlurmServer,
            "workers.slurm.tokenFile": workersSlurmTokenFile, "workers.slurm.program": workersSlurmProgram,
            "workers.slurm.partition": workersSlurmPartition, "workers.slurm.account": workersSlurmAccount,
            "workers.slurm.qos": workersSlurmQos, "workers.slurm.time": workersSlurmTime,
            "workers.slurm.flags": workersSlurmFlags, "workers.slurm.trainFlags": workersSlurmTrainFlags,
            "workers.slurm.predictFlags": workersSlurmPredictFlags, "workers.slurm.output": workersSlurmOutput,
            "workers.slurm.cache": workersSlurmCache, "workers.slurm.mpi": workersSlurmMpi,
            "workers.slurm.mpiLibrary": workersSlurmMpiLibrary,
        ]
        let numbers: [String: Int?] = [
            "http.port": port, "http.threads": httpThreads, "http.connections": httpConnections,
            "http.timeoutSeconds": httpTimeoutSeconds,
            "http.minimumBytesPerSecond": httpMinimumBytesPerSecond,
            "http.connectionsPerAddress": httpConnectionsPerAddress, "limits.uploadMegabytes": limitsUploadMegabytes,
            "limits.volumeMegabytes": limitsVolumeMegabytes, "limits.exportMegabytes": limitsExportMegabytes,
            "limits.bodyMegabytes": limitsBodyMegabytes,
            "monai.port": monaiPort, "training.threads": trainingThreads, "training.niceness": trainingNiceness,
            "training.checkpointSeconds": trainingCheckpointSeconds, "workers.local": workersLocal,
            "workers.lease": workersLease, "workers.slurm.cpus": workersSlurmCpus,
            "workers.slurm.memoryMegabytes": workersSlurmMemoryMegabytes,
            "workers.slurm.tileWorkers": workersSlurmTileWorkers,
            "workers.slurm.pollSeconds": workersSlurmPollSeconds,
        ]
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for case (let key, let value?) in strings {
            values[AbsoluteConfigKey(dotted: key)] = ConfigValue(.string(value))
        }
        for case (let key, let value?) in numbers { values[AbsoluteConfigKey(dotted: key)] = ConfigValue(.int(value)) }
        return InMemoryProvider(name: "flags", values: values)
    }
}
