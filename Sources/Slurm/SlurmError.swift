/// Why Slurm did not do what it was asked for.
package enum SlurmError: Error, Hashable, CustomStringConvertible {
    /// A program of Slurm is not on the path.
    case missing(program: String)
    /// A program ended with an error; the words are its own.
    case failed(program: String, words: String)
    /// A program did not end in time.
    case silent(program: String, seconds: Int)
    /// A job has several processes, and the settings name no MPI to start them.
    case noMPI(ranks: Int)

    package var description: String {
        switch self {
        case .missing(let program):
            "there is no program \(program) in the folders of PATH; the machine of the server needs those of Slurm"
        case .failed(let program, let words): "\(program): \(words)"
        case .silent(let program, let seconds): "\(program) did not end within \(seconds) s"
        case .noMPI(let ranks):
            "the job is for \(ranks) ranks, and workers.slurm.mpi names no MPI by which Slurm starts them, such as pmix"
        }
    }
}
