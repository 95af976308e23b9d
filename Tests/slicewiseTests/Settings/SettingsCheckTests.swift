import Foundation
import TestSupport
import Testing

@Suite struct SettingsCheckTests {
    private static let slurm = ["--workers-engine", "slurm", "--workers-slurm-server", "http://s:1"]

    @Test func `right settings are told to be right, and nothing is changed`() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Program.run("serve", "--check", "--data", folder.path("data"))
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        let roots = "/data:https://example.org:8443/images:HTTP://10.0.0.1:/scans"
        let listed = try await Program.run("serve", "--check", "--data", folder.path("data"), "--import-roots", roots)
        #expect(listed.status == 0, "\(listed.errors)")
        #expect(!FileManager.default.fileExists(atPath: folder.path("data")))
    }

    @Test func `a running server is no obstacle`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let server = try await RunningServer(data: folder.url)
        let port = String(server.address.split(separator: ":").last ?? "")
        let outcome = try await Program.run("serve", "--check", "--data", folder.url.path, "--port", port)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test func `what Slurm's workers could not use is told by the key's name`() async throws {
        let folder = try TemporaryFolder()
        let wrong: KeyValuePairs = [
            "server": "annotate.example.org", "token-file": "token.txt", "program": "slicewise", "train-flags": "gpu",
            "output": "%j.log", "mpi": "pm ix", "mpi-library": "libslicewise_mpi.so",
        ]
        for (flag, value) in wrong {
            let outcome = try await Program.run(
                ["serve", "--check", "--data", folder.path("data")] + Self.slurm + ["--workers-slurm-\(flag)", value])
            let name = flag.replacing("token-file", with: "tokenFile").replacing("train-flags", with: "trainFlags")
                .replacing("mpi-library", with: "mpiLibrary")
            #expect(outcome.status == 1 && outcome.errors.contains("workers.slurm.\(name)"), "\(outcome.errors)")
        }
    }

    @Test func `Slurm is asked what it says of such jobs, of each kind with its flags`() async throws {
        let folder = try TemporaryFolder()
        let script = """
            #!/bin/sh
            case "$*" in
            *--version) ;;
            *--test-only*--partition=none*|*--partition=none*--test-only*)
                echo "sbatch: error: invalid partition specified: none" >&2; exit 1 ;;
            *--test-only*--ntasks=2*|*--ntasks=2*--test-only*)
                echo "sbatch: error: not so many" >&2; exit 1 ;;
            *--test-only*) cat > /dev/null ;;
            *) exit 9 ;;
            esac

            """
        for name in ["sbatch", "squeue", "scancel"] {
            let file = try folder.file(name, Array(script.utf8))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
        }
        func check(_ more: [String]) async throws -> Program.Outcome {
            try await Program.run(
                ["serve", "--check", "--data", folder.path("data")] + Self.slurm + more,
                environment: ["PATH": "\(folder.url.path):/usr/bin:/bin"])
        }
        let right = try await check(["--workers-slurm-partition", "some"])
        #expect(right.status == 0 && right.errors.isEmpty, "\(right.errors)")
        let wrong = try await check(["--workers-slurm-predict-flags", "--partition=none"])
        #expect(wrong.status == 1 && wrong.errors.contains("of the kind predict"), "\(wrong.errors)")
        #expect(wrong.errors.contains("invalid partition specified: none"))
        let many = try await check(["--workers-slurm-mpi", "pmix"])
        #expect(many.status == 1 && many.errors.contains("of two ranks can't be submitted: sbatch: not so many"))
        // A server with tokens needs one for its workers.
        _ = try await Program.run(
            "token", "create", "--name", "anna", "--role", "viewer", "--data", folder.path("data"))
        let bare = try await check([])
        #expect(bare.status == 1 && bare.errors.contains("workers.slurm.tokenFile"), "\(bare.errors)")
    }

    @Test(arguments: [
        ("http.host", ["--host", "0.0.0.0"]), ("http.host", ["--host", "no host"]),
        ("http.port", ["--port", "70000"]), ("limits.bodyMegabytes", ["--limits-body-megabytes", "63"]),
        ("http.tlsCertificate", ["--http-tls-certificate", "/nowhere.pem", "--http-tls-key", "/nowhere.key"]),
        ("http.tlsKey", ["--http-tls-certificate", "CERTIFICATE"]),
        ("http.tlsCertificate", ["--http-tls-certificate", "GARBAGE", "--http-tls-key", "KEY"]),
        ("http.tlsCertificate", ["--http-tls-certificate", "CERTIFICATE", "--http-tls-key", "KEY"]),
        ("http.allowedOrigins", ["--http-allowed-origins", "*"]), ("import.roots", ["--import-roots", "data"]),
        ("import.roots", ["--import-roots", "/data:/"]),
        ("import.roots", ["--import-roots", "/data:https://anna:secret@example.org"]),
        ("import.roots", ["--import-roots", "https://example.org/a?b"]),
        ("import.roots", ["--import-roots", "https://example.org:8443:images"]),
        ("monai.project", ["--monai-project", "chest"]), ("monai.project", ["--monai-project", "a b"]),
        ("monai.port", ["--monai-port", "70000"]),
        ("http.allowedOrigins", ["--http-allowed-origins", "https://a.example/path"]),
        ("data.folder", ["--data", "CERTIFICATE"]), ("log.format", ["--log-format", "xml"]),
        ("log.level", ["--log-level", "loud"]), ("workers.engine", ["--workers-engine", "ssh"]),
        ("workers.slurm.server", ["--workers-engine", "slurm"]),
        ("workers.slurm.cpus", ["--workers-slurm-cpus", "0"]),
    ])
    func `what is wrong is told by the key's name`(key: String, arguments: [String]) async throws {
        let folder = try TemporaryFolder()
        let files = [
            "CERTIFICATE": "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n",
            "KEY": "-----BEGIN PRIVATE KEY-----\nnone\n-----END PRIVATE KEY-----\n", "GARBAGE": "none",
        ]
        for (name, text) in files { try text.write(toFile: folder.path(name), atomically: true, encoding: .utf8) }
        let outcome = try await Program.run(
            ["serve", "--check", "--data", folder.path("data")]
                + arguments.map { files[$0] == nil ? $0 : folder.path($0) })
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains(key), "\(outcome.errors)")
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
}
