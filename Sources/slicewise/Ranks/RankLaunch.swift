internal import Foundation
internal import Network

/// Whether this process was started as one of several by mpirun or srun.
enum RankLaunch {
    /// The variables in which launchers say how many they started: Open MPI, MPICH and Intel MPI, MVAPICH, Slurm.
    private static let counts = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE", "SLURM_STEP_NUM_TASKS"]
    private static let library = "libslicewise_mpi.so"

    /// The number of processes that were started together, as the launcher says it.
    static func count(in environment: [String: String]) -> Int {
        counts.compactMap { environment[$0].flatMap { Int($0) } }.max() ?? 1
    }

    /// Joins the other processes; nil if there are none.
    static func join(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws(CommandError)
        -> MPIRanks?
    {
        let count = count(in: environment)
        guard count > 1 else { return nil }
        let ranks = try MPIRanks(library: try path(environment, count))
        guard ranks.count == count else {
            throw CommandError(
                "\(count) processes were started, but MPI has \(ranks.count): start them with the mpirun of the MPI "
                    + "whose mpicc made \(library), or with `srun --mpi=pmix`")
        }
        return ranks
    }

    /// Where the library lies: as SLICEWISE_MPI says, or beside the program.
    private static func path(_ environment: [String: String], _ count: Int) throws(CommandError) -> String {
        if let given = environment["SLICEWISE_MPI"], !given.isEmpty { return given }
        let program = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? program.path
        let beside = URL(filePath: executable).deletingLastPathComponent().appending(path: library).path
        guard FileManager.default.fileExists(atPath: beside) else {
            throw CommandError(
                "\(count) processes were started together. To train one model they need MPI: build its library once, "
                    + "`mpicc -O2 -shared -fPIC -o \(library) slicewise_mpi.c` (Documentation/Cluster.md says where that is), "
                    + "and name it, `export SLICEWISE_MPI=$PWD/\(library)`")
        }
        return beside
    }
}
