import Foundation
import HTTP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct TLSTests {
    private static let isThere = ["/usr/bin/openssl", "/usr/bin/curl"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs a program to its end; its status and what it printed.
    private func run(_ program: String, _ arguments: [String]) async throws -> (status: Int32, output: String) {
        try await onThread {
            let process = Process()
            process.executableURL = URL(filePath: program)
            process.arguments = arguments
            let output = Pipe()
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            try process.run()
            let data = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return (process.terminationStatus, String(decoding: data, as: UTF8.self))
        }
    }

    /// A certificate that signs itself, for this machine's address.
    private func makeCertificate(_ name: String) async throws -> ServerOptions.TLS {
        let (key, certificate) = (folder.url.path + "/\(name).key", folder.url.path + "/\(name).pem")
        let made = try await run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ])
        try #require(made.status == 0)
        return ServerOptions.TLS(
            certificate: try String(contentsOfFile: certificate, encoding: .utf8),
            key: try String(contentsOfFile: key, encoding: .utf8))
    }

    @Test(.enabled(if: isThere, "openssl and curl are needed to try TLS; apt-get install openssl curl"))
    func `a client that trusts the certificate is served, over TLS 1.2 and later only`() async throws {
        var options = ServerOptions()
        options.tls = try await makeCertificate("server")
        var router = Router(logger: .silent)
        router.on(.put, "/echo", body: .memory(limit: 1 << 20)) { request in
            .bytes(try request.body.bytes(), contentType: "text/plain")
        }
        let body = folder.url.appendingPathComponent("body")
        try Data(repeating: 0x61, count: 300_000).write(to: body)
        let trusted = ["-sS", "--cacert", folder.url.path + "/server.pem", "-T", body.path]
        try await withServer(router, options: options) { server in
            let url = "https://127.0.0.1:\(server.port)/echo"
            for version in [["--tls-max", "1.2"], ["--tlsv1.3"]] {
                let answer = try await run("/usr/bin/curl", trusted + version + [url])
                #expect(answer.status == 0 && answer.output.count == 300_000, "\(version)")
            }
            let old = ["--tls-max", "1.1", "--tlsv1.0", "--ciphers", "DEFAULT@SECLEVEL=0"]
            #expect(try await run("/usr/bin/curl", trusted + old + [url]).status == 35)
            #expect(try await run("/usr/bin/curl", ["-sS", url]).status == 60)
            #expect(try await run("/usr/bin/curl", ["-sS", "http://127.0.0.1:\(server.port)/echo"]).status != 0)
        }
    }

    @Test(.enabled(if: isThere, "openssl and curl are needed to try TLS; apt-get install openssl curl"))
    func `a certificate with another's key is refused before the start`() async throws {
        let (one, other) = (try await makeCertificate("one"), try await makeCertificate("other"))
        var options = ServerOptions()
        options.tls = one
        try Server.check(options)
        options.tls = ServerOptions.TLS(certificate: one.certificate, key: other.key)
        #expect(throws: ServerError.notStarted) { try Server.check(options) }
    }
}
