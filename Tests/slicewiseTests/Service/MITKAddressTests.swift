import Foundation
import TestSupport
import Testing

/// The address of one project for clients of MONAI Label that know no paths.
@Suite(.timeLimit(.minutes(10))) struct MITKAddressTests {
    private static let isThere = ["/usr/bin/openssl", "/usr/bin/curl"].allSatisfy {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// The flags of a server with a certificate that signs itself.
    private func flags() async throws -> [String] {
        let (key, certificate) = (folder.path("key"), folder.path("pem"))
        let made = try await Program.run(
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-keyout", key, "-out", certificate,
            ], executable: URL(filePath: "/usr/bin/openssl"))
        try #require(made.status == 0, "\(made.errors)")
        return [
            "--http-tls-certificate", certificate, "--http-tls-key", key, "--monai-project", "chest", "--monai-port",
            "0",
        ]
    }

    /// What a program that looks at no certificate is told.
    private func curl(_ arguments: String...) async throws -> String {
        try await Program.run(["-sk"] + arguments, executable: URL(filePath: "/usr/bin/curl")).output
    }

    @Test(.enabled(if: isThere, "openssl and curl are needed to try TLS; apt-get install openssl curl"))
    func `a project is at the root of an address of its own, over TLS, with nothing beside it`() async throws {
        defer { folder.keep() }
        let server = try await RunningServer(
            data: folder.url.appending(path: "data"), flags: try await flags(), addresses: 2)
        let (main, own) = (server.address, server.addresses[1])
        #expect(own.hasPrefix("https://127.0.0.1:") && own != main)
        #expect(try await curl("\(own)/info/").contains("404"))
        _ = try await curl("-X", "PUT", "\(main)/v1/projects/chest", "--json", #"{"classes":[{"name":"lung"}]}"#)
        let info = try await curl("\(own)/info/")
        #expect(info.contains(#""labels""#) && info.contains("lung"), "\(info)")
        #expect(try await curl("\(main)/monai/chest/info/") == info)
        #expect(try await curl("\(own)/v1/projects").contains("404"))
        #expect(try await curl("http\(own.dropFirst(5))/info/") == "")
        #expect(await server.stop(by: SIGTERM) == 0)
    }

    @Test(.enabled(if: isThere, "openssl and curl are needed to try TLS; apt-get install openssl curl"))
    func `its settings are checked with the others, and it takes tokens to reach other machines`() async throws {
        let flags = try await flags()
        let check = ["serve", "--check", "--data", folder.path("data")] + flags
        #expect(try await Program.run(check).status == 0)
        let open = try await Program.run(check + ["--monai-host", "0.0.0.0"])
        #expect(open.status == 1 && open.errors.contains("monai.host is 0.0.0.0"), "\(open.errors)")
        let same = try await Program.run(check + ["--monai-port", "8080"])
        #expect(same.status == 1 && same.errors.contains("monai.port"), "\(same.errors)")
    }
}
