import Foundation
import Slurm
import TestSupport
import Testing

@Suite struct SlurmSettingsTests {
    private func options(_ settings: SlurmSettings, kind: String = "train", memory: Int = 1 << 30) -> [String] {
        settings.submission(for: 12, kind: kind, memory: memory).options
    }

    @Test func `a job has the cores of the settings, the memory of its plan, and nothing that was not said`() {
        let options = options(SlurmSettings(server: "http://s:1", cpus: 3), memory: 1000 << 20 | 1)
        #expect(options.contains("--cpus-per-task=3") && options.contains("--mem=1001M"))
        #expect(options.contains("--signal=B:TERM@60"))
        for flag in ["--partition", "--account", "--qos", "--time"] {
            #expect(!options.contains { $0.hasPrefix(flag) }, "\(flag)")
        }
    }

    @Test func `flags come after the settings, and those of the kind last, for sbatch goes by the last one`() {
        var settings = SlurmSettings(server: "http://s:1", partition: "p", account: "a", qos: "q", time: "8:00:00")
        (settings.memoryMegabytes, settings.flags, settings.trainFlags) = (64, " --nice  --time=1:00 ", "--time 2:00")
        settings.predictFlags = "--partition=long"
        let training = options(settings)
        #expect(
            training.suffix(8) == [
                "--partition=p", "--account=a", "--qos=q", "--time=8:00:00", "--nice", "--time=1:00", "--time", "2:00",
            ])
        #expect(training.contains("--mem=64M"))
        #expect(options(settings, kind: "predict").last == "--partition=long")
    }

    @Test func `the script gives way to a worker for one job, with words as they were set`() throws {
        var settings = SlurmSettings(
            server: "https://s:1", tokenFile: "/home/it's me/$token", program: "/bin/echo", cache: "/scratch/$USER")
        let script = settings.submission(for: 12, kind: "train", memory: 1).script
        #expect(script.hasPrefix("#!/bin/sh\nexec "))
        let variables = ["SLURM_JOB_ID": "5", "SLURM_CPUS_PER_TASK": "8"]
        #expect(
            try printed(by: script, variables)
                == "worker --job 12 --server https://s:1 --idle 600 --token-file /home/it's me/$token --cache "
                + "/scratch/$USER --threads 8 --name slurm-5\n")
        (settings.tokenFile, settings.cache) = ("", "")
        let plain = settings.submission(for: 12, kind: "train", memory: 1).script
        let again = variables.merging(["SLURM_RESTART_COUNT": "2"]) { $1 }
        #expect(
            try printed(by: plain, again)
                == "worker --job 12 --server https://s:1 --idle 600 --threads 8 --name slurm-5-2\n")
    }

    @Test func `a task of an array is a worker for the job at its place, by the name that scancel takes`() throws {
        let script = SlurmSettings(server: "http://s:1", program: "/bin/echo")
            .submission(for: 12, of: 10, tasks: [0, 3], kind: "trial", memory: 1).script
        var variables = ["SLURM_JOB_ID": "7", "SLURM_ARRAY_JOB_ID": "5", "SLURM_ARRAY_TASK_ID": "3"]
        #expect(
            try printed(by: script, variables)
                == "worker --job 15 --server http://s:1 --idle 600 --threads 1 --name slurm-5_3\n")
        variables["SLURM_RESTART_COUNT"] = "1"
        #expect(try printed(by: script, variables).hasSuffix(" --name slurm-5_3-1\n"))
    }

    @Test func `helpers compute tiles of a job, with the flags of predictions, and wait for less long`() throws {
        var settings = SlurmSettings(server: "http://s:1", program: "/bin/echo", predictFlags: "--qos=fast")
        settings.trainFlags = "--qos=long"
        let array = settings.submission(for: 12, tasks: [0, 1], kind: "tile", memory: 1 << 30)
        #expect(array.options.last == "--qos=fast" && array.options.contains("--mem=1024M"))
        let variables = ["SLURM_JOB_ID": "7", "SLURM_ARRAY_JOB_ID": "5", "SLURM_ARRAY_TASK_ID": "1"]
        #expect(
            try printed(by: array.script, variables)
                == "worker --tiles-of 12 --server http://s:1 --idle 60 --threads 1 --name slurm-5_1\n")
        let alone = settings.submission(for: 12, kind: "tile", memory: 1 << 30)
        #expect(
            try printed(by: alone.script, ["SLURM_JOB_ID": "7"])
                == "worker --tiles-of 12 --server http://s:1 --idle 60 --threads 1 --name slurm-7\n")
    }

    @Test func `a job of several ranks lies on any nodes, with the memory of its plan for each, and all are signalled`()
    {
        let settings = SlurmSettings(server: "http://s:1", cpus: 3, mpi: "pmix")
        let options = settings.submission(for: 12, kind: "train", memory: 1000 << 20, ranks: 4).options
        #expect(options.contains("--ntasks=4") && options.contains("--cpus-per-task=3"))
        #expect(options.contains("--mem-per-cpu=334M") && options.contains("--signal=TERM@60"))
        #expect(!options.contains { $0.hasPrefix("--nodes") || $0.hasPrefix("--mem=") })
    }

    /// Of which sbatch takes but one way of saying it.
    @Test(
        arguments: [
            ("--mem=64G", []), ("--mem 64G", []), ("--mem-per-gpu=9G", []),
            ("--mem-bind=local", ["--mem-per-cpu=250M"]), ("--cpus-per-task=8", ["--mem-per-cpu=125M"]),
        ] as [(String, [String])])
    func `flags about memory go before that of the plan, which is by the cores that are asked for`(
        flags: String, memory: [String]
    ) {
        let settings = SlurmSettings(server: "http://s:1", cpus: 4, trainFlags: flags, mpi: "pmix")
        let options = settings.submission(for: 12, kind: "train", memory: 1000 << 20, ranks: 2).options
        #expect(options.filter { $0.hasPrefix("--mem-per-cpu") } == memory)
        #expect(options.suffix(flags.split(separator: " ").count).joined(separator: " ") == flags)
    }

    @Test func `the script of a job of several ranks gives way to srun, which starts so many workers`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file(
            "srun", Array("#!/bin/sh\necho \"$SLICEWISE_MPI,$SLURM_MEM_PER_NODE $*\"\n".utf8))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        let variables = [
            "SLURM_JOB_ID": "5", "SLURM_CPUS_PER_TASK": "8", "SLURM_MEM_PER_NODE": "1",
            "PATH": "\(folder.url.path):/usr/bin:/bin",
        ]
        var settings = SlurmSettings(server: "http://s:1", program: "/opt/slicewise", mpi: "pmix")
        func printed() throws -> String {
            try self.printed(
                by: settings.submission(for: 12, kind: "train", memory: 1, ranks: 4).script, variables)
        }
        let words =
            ", --mpi=pmix --ntasks=4 --cpus-per-task=8 --kill-on-bad-exit=1 --wait=0 /opt/slicewise worker --job 12 "
            + "--server http://s:1 --idle 600 --threads 8 --name slurm-5\n"
        #expect(try printed() == words)
        settings.mpiLibrary = "/opt/it's/libslicewise_mpi.so"
        #expect(try printed() == "/opt/it's/libslicewise_mpi.so" + words)
    }

    private func printed(by script: String, _ variables: [String: String]) throws -> String {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        process.environment = variables
        process.standardOutput = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }

    @Test func `a worker is a job's by its number, also after Slurm has started it anew`() {
        let job = SlurmJob(id: SlurmJobID(5), work: 1, state: "RUNNING")
        #expect(job.isWorker("slurm-5") && job.isWorker("slurm-5-2"))
        #expect(!job.isWorker("slurm-55") && !job.isWorker("ws1") && !job.isWorker(nil))
        let task = SlurmJob(id: SlurmJobID(5, task: 2), work: 1, state: "RUNNING")
        #expect(task.isWorker("slurm-5_2") && task.isWorker("slurm-5_2-1"))
        #expect(!task.isWorker("slurm-5") && !task.isWorker("slurm-5-2") && !job.isWorker("slurm-5_2"))
    }

    @Test func `what scancel takes is read, and nothing else`() {
        #expect(SlurmJobID("41") == SlurmJobID(41) && SlurmJobID("41_0") == SlurmJobID(41, task: 0))
        for text in ["", "x", "41_", "_1", "41_[0-3]", "41_1_2", "41+1"] { #expect(SlurmJobID(text) == nil, "\(text)") }
        #expect(SlurmJobID(41, task: 9) < SlurmJobID(41, task: 10) && SlurmJobID(41, task: 9) < SlurmJobID(42))
    }

    @Test(arguments: [
        ("PENDING", true, false), ("REQUEUED", true, false), ("RUNNING", true, true), ("COMPLETING", true, true),
        ("SUSPENDED", true, true), ("OUT_OF_MEMORY", false, false), ("COMPLETED", false, false),
    ])
    func `states tell whether a job lives and has begun`(state: String, isLive: Bool, isStarted: Bool) {
        let job = SlurmJob(id: SlurmJobID(5), work: 1, state: state)
        #expect(job.isLive == isLive && job.isStarted == isStarted)
    }
}
