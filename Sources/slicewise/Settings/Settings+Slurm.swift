internal import Configuration
internal import Foundation
internal import Slurm

extension SlurmSettings {
    private static let group = "workers.slurm"

    /// Reads the group `workers.slurm`.
    init(_ config: ConfigReader) throws {
        func string(_ name: String) throws -> String {
            try config.requiredString(forKey: ConfigKey("\(Self.group).\(name)"))
        }
        func int(_ name: String, in range: ClosedRange<Int>) throws -> Int {
            try config.int("\(Self.group).\(name)", in: range)
        }
        self.init(
            server: try string("server"), tokenFile: try string("tokenFile"), program: try string("program"),
            partition: try string("partition"), account: try string("account"), qos: try string("qos"),
            time: try string("time"), cpus: try int("cpus", in: 1...1024),
            memoryMegabytes: try int("memoryMegabytes", in: 0...100_000_000), flags: try string("flags"),
            trainFlags: try string("trainFlags"), predictFlags: try string("predictFlags"),
            output: try string("output"), cache: try string("cache"),
            tileWorkers: try int("tileWorkers", in: 0...500), pollSeconds: try int("pollSeconds", in: 1...3600),
            mpi: try string("mpi"), mpiLibrary: try string("mpiLibrary"))
        if server.hasSuffix("/") { server.removeLast() }
    }

    /// Throws for what no worker could use.
    func check() throws(SettingsError) {
        guard let url = URLComponents(string: server), ["http", "https"].contains(url.scheme),
            url.host?.isEmpty == false, url.path.isEmpty, url.query == nil, url.user == nil
        else {
            throw Self.wrong("server", server, "the server's address as the nodes reach it, like https://host:8080")
        }
        for (name, path) in [
            ("tokenFile", tokenFile), ("program", program), ("output", output), ("cache", cache),
            ("mpiLibrary", mpiLibrary),
        ] where !path.isEmpty && !path.hasPrefix("/") {
            throw Self.wrong(name, path, "a whole path, as it is on the nodes")
        }
        for (name, flags) in [("flags", flags), ("trainFlags", trainFlags), ("predictFlags", predictFlags)] {
            guard let first = flags.first(where: { !$0.isWhitespace }), first != "-" else { continue }
            throw Self.wrong(name, flags, "flags of sbatch with spaces between them, like --constraint=fast")
        }
        try checkMPI()
    }

    /// Throws unless an MPI is named as srun names them.
    private func checkMPI() throws(SettingsError) {
        let isName = mpi.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard isName, mpi != "none", mpi != "list" else {
            throw Self.wrong("mpi", mpi, "an MPI as `srun --mpi=list` names it, like pmix")
        }
        guard !mpi.isEmpty || mpiLibrary.isEmpty else {
            throw Self.wrong("mpi", mpi, "an MPI as `srun --mpi=list` names it, as workers.slurm.mpiLibrary is given")
        }
    }

    private static func wrong(_ name: String, _ value: String, _ allowed: String) -> SettingsError {
        .outOfRange(key: "\(group).\(name)", value: value, allowed: allowed)
    }
}
