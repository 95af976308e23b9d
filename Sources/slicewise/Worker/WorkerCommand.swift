internal import ArgumentParser
internal import Foundation
internal import Jobs
internal import Store
internal import Tensors

/// `slicewise worker`: computes the jobs of a server on this machine.
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "Compute trainings and predictions of a server on this machine.",
        discussion: """
            Asks the server for a job, fetches what that needs, and sends back what it gives; then for the next one. \
            The token has the role worker (`slicewise token create --role worker`), and both machines have the same \
            version.

            On SIGTERM and Ctrl-C it hands back what it has and gives its job back, which then goes on elsewhere; if \
            the machine is lost, it goes on from its last checkpoint once the server has not heard of the worker for \
            workers.lease seconds. Started several times for one job by srun with MPI, all processes train together.

            Example: slicewise worker --server https://annotate.example.org:8080 --token-file token.txt
            """)

    @Option(help: ArgumentHelp("The address of the server, such as https://host:8080.", valueName: "address"))
    var server: String

    @Option(help: ArgumentHelp("A file with the token; none if the server needs none.", valueName: "file"))
    var tokenFile: String?

    @Option(help: "Its name, of which the server knows one. (default: the machine's)")
    var name: String?

    @Option(
        help: ArgumentHelp("Compute this job only, and end once it has ended. (default: any job)", valueName: "number"))
    var job: Int64?

    @Option(
        help: ArgumentHelp(
            "Compute tiles of this job's predictions only, beside the worker that has it, and end with it.",
            valueName: "number"))
    var tilesOf: Int64?

    @Option(help: "Threads. (default: every core)")
    var threads: Int?

    @Option(help: ArgumentHelp("End once no job has come for so long. (default: never)", valueName: "seconds"))
    var idle: Int?

    @Option(
        help: ArgumentHelp(
            "A folder for volumes, for this user only. (default: the user's cache; with --job and --tiles-of a "
                + "temporary one)",
            valueName: "folder"))
    var cache: String?

    @Option(help: "The disk space of that folder, in MiB.")
    var cacheMegabytes = 65_536

    func validate() throws {
        guard let url = URLComponents(string: server), ["http", "https"].contains(url.scheme),
            url.host?.isEmpty == false,
            ["", "/"].contains(url.path), url.query == nil, url.user == nil
        else { throw ValidationError("--server is an address like https://host:8080, not \"\(server)\".") }
        guard (job ?? 1) > 0, (tilesOf ?? 1) > 0, (threads ?? 1) > 0, (idle ?? 1) > 0, cacheMegabytes > 0 else {
            throw ValidationError("--job, --tiles-of, --threads, --idle and --cache-megabytes must be above 0.")
        }
        guard job == nil || tilesOf == nil else {
            throw ValidationError("--job wants the job itself, --tiles-of nothing but tiles of it: choose one.")
        }
        if let refusal = Name.refusal(ownName, of: "worker") { throw ValidationError("--name: \(refusal)") }
    }

    func run() async throws {
        let signals = StopSignals()
        // What lies in the cache is nobody else's business.
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
        Allocator.prepare()
        let address = server.hasSuffix("/") ? String(server.dropLast()) : server
        let client = Client(base: address, token: try token(), patience: 60)
        let ofJob = FileManager.default.temporaryDirectory.appending(path: "slicewise-\(UUID().uuidString)")
        let passing = job ?? tilesOf == nil || cache != nil ? nil : ofJob
        defer { if let passing { try? FileManager.default.removeItem(at: passing) } }
        let folder = cache.map { URL(filePath: $0, directoryHint: .isDirectory) } ?? passing ?? Self.usersCache
        // With no job of their own, several processes are as many workers.
        let count = job == nil ? 1 : RankLaunch.count(in: ProcessInfo.processInfo.environment)
        let runner = UnitRunner(threads: threads) { try count > 1 ? RankLaunch.join() : nil }
        let ranks = count > 1 ? WorkerRanks(count, runner) : nil
        let link = ServerLink(client: client)
        let files = try WorkerCache(folder: folder, limit: cacheMegabytes << 20)
        if let ranks, try await ranks.rank() > 0 { return try await ranks.follow(link, files) }
        let worker = Worker(
            description: WorkerDescription(
                name: ownName, host: Self.host, version: Slicewise.version,
                processor: InstructionSet.best.rawValue,
                threads: threads ?? ProcessInfo.processInfo.activeProcessorCount),
            link: link, cache: files, runner: runner, ranks: ranks, job: job, tilesOf: tilesOf,
            idle: idle.map { .seconds($0) },
            isStopping: { signals.isStopping },
            tell: { say($0) })
        let wish = job.map { "job \($0)" } ?? tilesOf.map { "tiles of job \($0)" } ?? "jobs"
        say("\(ownName) asks \(address) for \(wish)")
        do {
            try await worker.run()
        } catch let error as WorkerError {
            throw CommandError("\(error)")
        }
    }

    private func token() throws -> String? {
        guard let tokenFile else { return nil }
        guard let text = try? String(contentsOfFile: tokenFile, encoding: .utf8) else {
            throw CommandError("\(tokenFile) can't be read; it holds the token that `slicewise token create` printed")
        }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard token.hasPrefix(Store.tokenPrefix) else {
            throw CommandError("\(tokenFile) holds no token; one begins with \(Store.tokenPrefix)")
        }
        return token
    }

    private static var usersCache: URL {
        let folders = FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask)
        return (folders.first ?? FileManager.default.temporaryDirectory).appending(path: "slicewise")
    }

    private static var host: String { String(ProcessInfo.processInfo.hostName.prefix(255)) }

    /// The name that was given, or that of the machine as far as a worker can have it.
    private var ownName: String {
        if let name { return name }
        let plain = Self.host.split(separator: ".").first.map(String.init) ?? ""
        let allowed = plain.unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "-")
                ? Character(scalar) : "-"
        }
        let text = String(String(allowed).drop { $0 == "-" }.prefix(64))
        return text.isEmpty ? "worker" : text
    }
}
