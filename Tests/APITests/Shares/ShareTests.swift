import API
import Foundation
import HTTP
import JSON
import Store
import TestSupport
import Testing
import Volumes

@Suite struct ShareTests {
    private let fixture: APIFixture
    private let image: InMemoryVolume

    init() async throws {
        fixture = try APIFixture()
        image = try Samples.image()
        try await fixture.furnish(image)
    }

    private static let shares = "/v1/projects/p/shares"

    private func share(_ body: String = #"{"volume":"v"}"#, by headers: Headers = [:]) async throws -> JSONValue {
        let made = try await fixture(.post, Self.shares, headers: headers, Array(body.utf8))
        #expect(made.status == 201, "\(made.detail)")
        #expect(made.headers["Location"] == "\(Self.shares)/\(Int(made.json["id"].number ?? 0))")
        return made.json
    }

    private func path(_ share: JSONValue, _ folder: String = "ome.zarr") throws -> String {
        try #require(share["paths"][folder].string)
    }

    private func status(_ share: JSONValue) async throws -> Int {
        try await fixture(.get, path(share) + "/.zattrs").status
    }

    @Test func `a link opens its volume without a token, in both versions, and nothing else`() async throws {
        let anna = try await fixture.token("anna", .annotator, projects: ["p"])
        let made = try await share(by: anna)
        #expect(made["by"].string == "anna" && made["volume"].string == "v")
        for folder in ["ome.zarr", "ome.zarr3"] {
            let root = try path(made, folder)
            #expect(try await ZarrReader(fixture: fixture, root: root).array("0").bytes == image.bytes)
        }
        let token = try #require(try path(made).split(separator: "/").dropLast().last.map(String.init))
        let bearer: Headers = ["Authorization": "Bearer \(token)"]
        #expect(try await fixture(.get, "/v1/projects/p/volumes/v", headers: bearer).status == 401)
        #expect(try await fixture(.get, "/v1/projects/p/volumes/v/ome.zarr/.zattrs").status == 401)
        for target in [
            "/v1/shares/\(token)", "/v1/shares/\(token)/image", "/v1/shares", "/v1/shares/\(token)/bricks/0",
        ] {
            #expect(try await fixture(.get, target).status == 401, "\(target)")
        }
        for method in [HTTP.Method.put, .post, .delete] {
            #expect(try await fixture(method, path(made) + "/.zattrs").status >= 400)
        }
    }

    @Test func `any page may read what a link opens, also that a chunk is missing`() async throws {
        let root = try path(try await share())
        let site: Headers = ["Origin": "https://viewer.example.org"]
        for key in [".zattrs", "0/0/0/0/0", "0/0/9/9/9", "labels/.zattrs", ""] {
            let reply = try await fixture(.get, "\(root)/\(key)", headers: site)
            #expect(reply.headers["Access-Control-Allow-Origin"] == "*", "\(key)")
            #expect(reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin", "\(key)")
            #expect(
                (reply.status == 404) == (key.hasPrefix("0/0/9") || key.hasPrefix("labels") || key.isEmpty), "\(key)")
        }
        let own = try await fixture(.get, "/v1/projects/p/volumes/v/ome.zarr/.zattrs", headers: site)
        #expect(own.status == 200 && own.headers["Access-Control-Allow-Origin"] == nil)
    }

    @Test func `links are listed without their tokens, and a revoked one opens nothing from then on`() async throws {
        let (first, second) = (try await share(), try await share())
        let listed = try await fixture(.get, Self.shares)
        #expect(listed.json.count == 2 && listed.json[0]["id"] == first["id"] && !listed.text.contains("slicewise_"))
        #expect(try await status(first) == 200)
        let id = Int(try #require(first["id"].number))
        #expect(try await fixture(.delete, "\(Self.shares)/\(id)").status == 204)
        for key in [".zattrs", "0/0/0/0/0"] {
            let gone = try await fixture(.get, "\(path(first))/\(key)")
            #expect(gone.status == 410 && gone.detail.contains("revoked"))
        }
        #expect(try await status(second) == 200)
        #expect(try await fixture(.get, Self.shares).json.count == 1)
        #expect(try await fixture(.delete, "\(Self.shares)/\(id)").status == 404)
        #expect(try await fixture(.delete, "\(Self.shares)/x").status == 404)
        #expect(try await fixture(.get, "/v1/shares/nonsense/ome.zarr/.zattrs").status == 410)
    }

    @Test func `links end with their hours, with the token that made them, and with their volume`() async throws {
        let open = try await share()
        let anna = try await fixture.token("anna", .annotator)
        let (short, long) = (
            try await share(#"{"volume":"v","hours":1}"#, by: anna),
            try await share(#"{"volume":"v","hours":720}"#, by: anna)
        )
        fixture.store.tokenCache.note(Date(timeIntervalSinceNow: 2 * 3600))
        #expect(try await status(short) == 410)
        #expect(try await status(long) == 200)
        try await fixture.store.revokeToken(named: "anna")
        #expect(try await status(long) == 410)
        #expect(try await status(open) == 200)
        let admin = try await fixture.token("admin", .admin)
        #expect(try await fixture(.get, Self.shares, headers: admin).json.count == 1)
        #expect(try await fixture(.delete, "/v1/projects/p/volumes/v", headers: admin).status == 204)
        #expect(try await status(open) == 410)
        let again = try fixture.file(image)
        #expect(try await fixture(.put, "/v1/projects/p/volumes/v", headers: admin, again).status == 201)
        #expect(try await status(open) == 410)
    }

    @Test func `a link lasts no longer than the token that makes it`() async throws {
        let text = try await fixture.store.createToken(
            name: "anna", role: .annotator, expires: Date(timeIntervalSinceNow: 60)
        ).text
        let made = try await share(by: ["Authorization": "Bearer \(text)"])
        let end = try Date(
            try #require(made["expires"].string), strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        #expect(end.timeIntervalSinceNow < 61)
    }

    @Test func `the token of a link is stored nowhere, not for those who ask again either`() async throws {
        let refused = try await fixture(
            .post, Self.shares, headers: ["Idempotency-Key": "once"], Array(#"{"volume":"v"}"#.utf8))
        #expect(refused.status == 400 && refused.detail.contains("secret"))
        #expect(try await fixture(.get, Self.shares).json.count == 0)
        let made = try await share()
        let token = try #require(try path(made).split(separator: "/").dropLast().last.map(String.init))
        let audit = try await fixture(.get, "/v1/audit")
        #expect(audit.json[0]["path"].string == Self.shares && !audit.text.contains(token))
        let files = try FileManager.default.contentsOfDirectory(
            at: fixture.store.folder, includingPropertiesForKeys: [.isRegularFileKey])
        for file in files where try file.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true {
            #expect(try Data(contentsOf: file).range(of: Data(token.utf8)) == nil, "\(file.lastPathComponent)")
        }
    }

    @Test func `viewers make no links, and nobody makes or sees those of other projects`() async throws {
        let made = try await share()
        let viewer = try await fixture.token("viewer", .viewer)
        #expect(try await fixture(.post, Self.shares, headers: viewer, Array(#"{"volume":"v"}"#.utf8)).status == 403)
        #expect(try await fixture(.get, Self.shares, headers: viewer).status == 403)
        let admin = try await fixture.token("admin", .admin)
        let body = Array(#"{"classes":[{"name":"a"}]}"#.utf8)
        #expect(try await fixture(.put, "/v1/projects/q", headers: admin, body).status == 201)
        #expect(try await fixture(.get, "/v1/projects/q/shares", headers: admin).json.count == 0)
        let id = Int(try #require(made["id"].number))
        #expect(try await fixture(.delete, "/v1/projects/q/shares/\(id)", headers: admin).status == 404)
    }

    @Test(arguments: [
        (#"{"volume":"none"}"#, 404, "none"), ("{}", 422, "volume"), ("[]", 400, "JSON object"), ("", 400, "sample"),
        (#"{"volume":"v","hours":0}"#, 422, "720"), (#"{"volume":"v","hours":721}"#, 422, "720"),
        (#"{"volume":"v","days":1}"#, 422, "hours"),
    ])
    func `what is asked for wrongly is refused with what would be right`(
        _ body: String, _ status: Int, _ detail: String
    ) async throws {
        let reply = try await fixture(.post, Self.shares, body)
        #expect(reply.status == status && reply.detail.contains(detail), "\(reply.status) \(reply.detail)")
    }
}
