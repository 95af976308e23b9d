/// How workers are started by Slurm, as the server's settings `workers.slurm` say it.
package struct SlurmSettings: Hashable, Sendable {
    /// The server's address as nodes reach it.
    package var server: String
    /// A file of the nodes with a token of the role worker; empty if the server needs none.
    package var tokenFile: String
    /// The path of the program on the nodes.
    package var program: String
    package var partition: String
    package var account: String
    package var qos: String
    /// As sbatch takes it; empty for that of the partition.
    package var time: String
    /// Cores of a job, which has as many threads.
    package var cpus: Int
    /// MiB of a job; 0 for what its plan says.
    package var memoryMegabytes: Int
    /// More flags of sbatch, with spaces between them; those of a kind of job come last.
    package var flags: String
    package var trainFlags: String
    package var predictFlags: String
    /// The file for what a worker prints, as sbatch takes it; empty for none.
    package var output: String
    /// A folder of the nodes where workers keep volumes; empty for a temporary one.
    package var cache: String
    /// The most workers that help with the tiles of a prediction; 0 for none.
    package var tileWorkers: Int
    /// Seconds between two looks at Slurm's list.
    package var pollSeconds: Int
    /// The MPI by which a job has several processes, as srun takes it; empty if none has.
    package var mpi: String
    /// The library of the nodes by which the program speaks that MPI; empty for the one beside the program.
    package var mpiLibrary: String

    package init(
        server: String, tokenFile: String = "", program: String = "slicewise", partition: String = "",
        account: String = "", qos: String = "", time: String = "", cpus: Int = 4, memoryMegabytes: Int = 0,
        flags: String = "", trainFlags: String = "", predictFlags: String = "", output: String = "", cache: String = "",
        tileWorkers: Int = 8, pollSeconds: Int = 5, mpi: String = "", mpiLibrary: String = ""
    ) {
        self.server = server
        self.tokenFile = tokenFile
        self.program = program
        self.partition = partition
        self.account = account
        self.qos = qos
        self.time = time
        self.cpus = cpus
        self.memoryMegabytes = memoryMegabytes
        self.flags = flags
        self.trainFlags = trainFlags
        self.predictFlags = predictFlags
        self.output = output
        self.cache = cache
        self.tileWorkers = tileWorkers
        self.pollSeconds = pollSeconds
        self.mpi = mpi
        self.mpiLibrary = mpiLibrary
    }

    /// The kind of job whose workers compute tiles of the job that they are for, beside the worker that has it.
    private static let helpers = "tile"
    /// Seconds that a worker waits for a server that is away, or for its job while another one has it; a helper waits for
    /// tiles, of the prediction's next volume, say.
    private static let (idle, idleOfHelpers) = (600, 60)

    /// Asks for a worker for one job, of so many processes, or for an array of workers; `memory` are the bytes of each that
    /// its plan says.
    ///
    /// - Parameters:
    ///   - whole: The experiment of a run.
    ///   - tasks: Of an array: by how much the numbers of the jobs are above `work`, or any numbers.
    package func submission(
        for work: Int64, of whole: Int64? = nil, tasks: [Int] = [], kind: String, memory: Int, ranks: Int = 1
    ) -> SlurmSubmission {
        let megabytes = memoryMegabytes > 0 ? memoryMegabytes : max((memory + 0xfffff) >> 20, 1)
        let more = [flags, ["predict", Self.helpers].contains(kind) ? predictFlags : trainFlags].flatMap {
            $0.split(whereSeparator: \.isWhitespace).map(String.init)
        }
        var options = [
            "--cpus-per-task=\(cpus)", "--requeue", "--chdir=/", "--output=\(output.isEmpty ? "/dev/null" : output)",
        ]
        // A minute before the end the worker is told to hand back what it has learned.
        if ranks > 1 {
            options += ["--ntasks=\(ranks)", "--signal=TERM@60"] + memoryOfEach(megabytes, more)
        } else {
            options += ["--nodes=1", "--ntasks=1", "--mem=\(megabytes)M", "--signal=B:TERM@60"]
        }
        for (flag, value) in [("partition", partition), ("account", account), ("qos", qos), ("time", time)]
        where !value.isEmpty { options.append("--\(flag)=\(value)") }
        let isHelper = kind == Self.helpers
        return SlurmSubmission(
            work: work, whole: whole ?? work, tasks: tasks, isHelper: isHelper, options: options + more,
            script: script(for: work, isHelper: isHelper, isArray: !tasks.isEmpty, ranks))
    }

    /// The shell gives way to the worker, so that a signal for the one is for the other, or to what starts its processes.
    private func script(for work: Int64, isHelper: Bool, isArray: Bool, _ ranks: Int) -> String {
        let job = isArray && !isHelper ? #""$((\#(work) + SLURM_ARRAY_TASK_ID))""# : "\(work)"
        let task = "\(isHelper ? "--tiles-of" : "--job") \(job)"
        var words = ["--server", server, "--idle", "\(isHelper ? Self.idleOfHelpers : Self.idle)"]
        if !tokenFile.isEmpty { words += ["--token-file", tokenFile] }
        if !cache.isEmpty { words += ["--cache", cache] }
        let id = isArray ? "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" : "$SLURM_JOB_ID"
        let name = SlurmJob.worker(id + "${SLURM_RESTART_COUNT:+-$SLURM_RESTART_COUNT}")
        return """
            #!/bin/sh
            \(ranks > 1 ? launch(of: ranks) : "exec") \(Self.quoted(program)) worker \(task) \
            \(words.map(Self.quoted).joined(separator: " ")) \
            --threads "${SLURM_CPUS_PER_TASK:-1}" --name "\(name)"

            """
    }

    /// A word as the shell takes it.
    static func quoted(_ word: String) -> String { "'\(word.replacing("'", with: #"'\''"#))'" }
}
