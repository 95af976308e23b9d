/// Workers of several processes, on as many nodes as Slurm likes.
extension SlurmSettings {
    /// Asks for the memory of each process, unless flags ask for some in their way: sbatch takes one way only.
    ///
    /// Said of a node, it would be shared by those that come to lie on it.
    func memoryOfEach(_ megabytes: Int, _ flags: [String]) -> [String] {
        let isSaid = flags.contains { $0 == "--mem" || $0.hasPrefix("--mem=") || $0.hasPrefix("--mem-per-") }
        guard !isSaid else { return [] }
        let flag = "--cpus-per-task="
        let cores = flags.last { $0.hasPrefix(flag) }.flatMap { Int($0.dropFirst(flag.count)) } ?? cpus
        return ["--mem-per-cpu=\((megabytes + cores - 1) / max(cores, 1))M"]
    }

    /// What the program and its arguments follow in the script, to be started so many times.
    ///
    /// srun goes by variables, of which those of another job may have come along: its own memory is the job's. If one of the
    /// processes fails, all end.
    func launch(of ranks: Int) -> String {
        let library = mpiLibrary.isEmpty ? "" : "export SLICEWISE_MPI=\(Self.quoted(mpiLibrary))\n"
        return """
            unset SLURM_MEM_PER_CPU SLURM_MEM_PER_GPU SLURM_MEM_PER_NODE
            \(library)exec srun --mpi=\(Self.quoted(mpi)) --ntasks=\(ranks) --cpus-per-task="${SLURM_CPUS_PER_TASK:-1}" \
            --kill-on-bad-exit=1 --wait=0
            """
    }
}
