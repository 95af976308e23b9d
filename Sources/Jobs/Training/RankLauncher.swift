/// What starts the processes (ranks) of a training that has several.
package enum RankLauncher: Sendable {
    /// Nothing: the server and workers that ask by themselves are one process each.
    case none
    /// Slurm, but its settings name no MPI.
    case slurmWithoutMPI
    case slurm

    /// Refuses a training with more processes than can be started.
    func check(_ request: TrainingRequest) throws(JobError) {
        guard let ranks = request.ranks, ranks > 1 else { return }
        let reason: String? =
            switch self {
            case .slurm: nil
            case .none:
                "only Slurm starts several processes for a training (workers.engine slurm, with workers.slurm.mpi); leave the "
                    + "field out to train by one"
            case .slurmWithoutMPI:
                "the setting workers.slurm.mpi is empty: it names the MPI of the cluster by which Slurm starts several "
                    + "processes for a training, such as pmix (`srun --mpi=list`); leave the field out to train by one"
            }
        if let reason { throw .invalid(field: "ranks", detail: "is \(ranks), but \(reason)") }
    }
}
