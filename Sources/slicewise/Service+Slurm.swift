internal import Cryptography
internal import Foundation
internal import Jobs
internal import Slurm
internal import Store
internal import Text

extension Service {
    /// What has Slurm compute the jobs of a queue; `nil` unless the settings say so.
    func slurmDispatcher(_ jobs: JobQueue, _ store: Store) async throws -> SlurmDispatcher? {
        guard settings.workers.engine == .slurm else { return nil }
        // A copy of the database that another server works with has nothing to do with the jobs of this one.
        let name = "\(try await store.ownID()) \(slurm.server)"
        let tag = String(SHA256.hash(Data(name.utf8)).hexadecimal.prefix(16))
        return SlurmDispatcher(queue: jobs, slurm: Slurm(tag: tag, user: getuid()), settings: slurm)
    }

    /// Whether Slurm starts helpers for the tiles of predictions.
    var tilesHaveHelpers: Bool { settings.workers.engine == .slurm && settings.workers.slurm.tileWorkers > 0 }

    /// Throws what Slurm says of the jobs that it would be given; `hasTokens` says whether workers need one.
    func checkSlurm(hasTokens: Bool) async throws {
        guard settings.workers.engine == .slurm else { return }
        guard !hasTokens || !slurm.tokenFile.isEmpty else {
            throw CommandError(
                "workers.slurm.tokenFile is empty, and the server has tokens: name a file that the nodes see, with what "
                    + "`slicewise token create --name slurm --role worker` prints")
        }
        var submissions = JobQueue.kindsOfWorkers.map { kind in
            ("of the kind \(kind)", slurm.submission(for: 0, kind: kind, memory: 1 << 30))
        }
        if !slurm.mpi.isEmpty {
            submissions.append(("of two ranks", slurm.submission(for: 0, kind: "train", memory: 1 << 30, ranks: 2)))
        }
        for (name, submission) in submissions {
            do {
                try await Slurm(tag: "check", user: getuid()).test(submission)
            } catch {
                throw CommandError("workers.slurm: a job \(name) can't be submitted: \(error)")
            }
        }
    }

    /// What starts the processes of a training that has several.
    var rankLauncher: RankLauncher {
        guard settings.workers.engine == .slurm else { return .none }
        return settings.workers.slurm.mpi.isEmpty ? .slurmWithoutMPI : .slurm
    }

    /// The settings with this program's own path where they name none.
    private var slurm: SlurmSettings {
        var slurm = settings.workers.slurm
        if slurm.program.isEmpty { slurm.program = Bundle.main.executablePath ?? "slicewise" }
        return slurm
    }
}
