import Cryptography
import Foundation
import HTTP
import JSON
import Jobs
import Store
import TestSupport
import Testing
import Text

/// The calls of workers, over real HTTP where they meet the rest of the server.
@Suite(.timeLimit(.minutes(5))) struct WorkerTests {
    private static let claim = #"{"host":"ws1.lab","version":"unknown","processor":"avx2","threads":4}"#

    private static func body(_ version: String = "unknown") -> [UInt8] {
        Array(claim.replacing("unknown", with: version).utf8)
    }

    /// A project `p` with an annotated volume, on a server that computes nothing itself.
    private func fixture() async throws -> APIFixture {
        let fixture = try APIFixture(work: nil, computesJobs: false)
        try await fixture.furnish(Samples.image())
        let slice = try await fixture(
            .post, "/v1/projects/p/volumes/v/annotations?axis=z&index=1", (0..<48).map { UInt8($0 % 3) })
        #expect(slice.status == 201)
        return fixture
    }

    private static let training =
        #"{"kind":"train","recipe":{"base":2,"levels":2,"patch":{"z":4,"y":4,"x":4}},"budget":{"steps":3}}"#

    @Test func `a worker is given a job, fetches what it needs, and others see it`() async throws {
        let fixture = try await fixture()
        #expect(try await fixture(.post, "/v1/projects/p/jobs", Self.training).status == 202)
        try await fixture.serving { client in
            let claimed = try await client(.post, "/v1/workers/ws1/claim?wait=60", headers: [:], Self.body())
            #expect(claimed.status == 200, "\(claimed.text)")
            #expect(claimed.json["job"].number == 1 && claimed.json["attempt"].number == 1)
            #expect(claimed.json["project"].string == "p" && claimed.json["seconds"].number == 60)

            let unit = try await client(.get, "/v1/leases/1/1/unit?wait=60")
            #expect(unit.json["kind"].string == "train" && unit.json["number"].number == 1)
            let image = unit.json["volumes"][0]["image"]
            let digest = try #require(image["digest"].string)
            #expect(image["pieces"].number == 2, "one for each channel")
            var voxels: [UInt8] = []
            for piece in 0..<2 {
                voxels += try await client(.get, "/v1/leases/1/1/content/\(digest)?piece=\(piece)").body
            }
            #expect(SHA256.hash(voxels).hexadecimal == digest && Double(voxels.count) == image["bytes"].number)
            #expect(try await client(.get, "/v1/leases/1/1/content/\(digest)?piece=2").status == 404)
            #expect(try await client(.get, "/v1/leases/1/1/content/\(digest)").status == 400)

            let report = #"""
                {"progress":{"phase":"training","step":2,"seconds":4},"curve":[{"step":2,"seconds":4}],
                 "log":["fetched 3 MiB in 1 s"]}
                """#
            let order = try await client(.post, "/v1/leases/1/1/renew", report)
            #expect(order.status == 200 && order.json["stop"] == .bool(false))
            // The progress is stored a moment later.
            while try await client(.get, "/v1/projects/p/jobs/1").json["progress"]["step"].number != 2 {
                await Task.yield()
            }
            let workers = try await fixture(.get, "/v1/workers").json
            #expect(workers.count == 1 && workers[0]["name"].string == "ws1" && workers[0]["host"].string == "ws1.lab")
            #expect(workers[0]["job"]["id"].number == 1 && workers[0]["job"]["steps_per_second"].number == 0.5)
            let job = try await fixture(.get, "/v1/projects/p/jobs/1").json
            #expect(job["worker"].string == "ws1" && job["host"].string == "ws1.lab")
            let metrics = try await client(.get, "/metrics").text
            #expect(metrics.contains("slicewise_workers 1\n") && metrics.contains("slicewise_leases 1\n"))

            #expect(try await client(.post, "/v1/projects/p/jobs/1/cancel", "").status == 200)
            #expect(try await client(.post, "/v1/leases/1/1/renew", report).json["stop"] == .bool(true))
            let result = try WorkResult(number: 1, .failed, error: "no").encoded()
            #expect(try await client(.post, "/v1/leases/1/1/result", headers: [:], [UInt8](result)).status == 204)
            let events = try await client(.get, "/v1/projects/p/jobs/1/events").text
            #expect(events.contains("ws1: fetched 3 MiB in 1 s"), "\(events)")
            #expect(try await client(.get, "/v1/projects/p/jobs/1").json["error"].string == "no")
            for call in ["unit?wait=60", "content/\(digest)?piece=0"] {
                #expect(try await client(.get, "/v1/leases/1/1/\(call)").status == 409, "\(call)")
            }
            #expect(try await client(.post, "/v1/leases/1/1/renew", report).status == 409)
        }
        // What workers send is nothing that people did.
        let log = try await fixture(.get, "/v1/audit").json
        #expect((0..<log.count).allSatisfy { log[$0]["path"].string?.contains("lease") == false })
    }

    @Test func `ranks are refused where nothing starts them, and stand in the request where one is enough`()
        async throws
    {
        let fixture = try await fixture()
        for ranks in [2, 65, 0] {
            let job = Self.training.replacing(#""budget""#, with: #""ranks":\#(ranks),"budget""#)
            let refused = try await fixture(.post, "/v1/projects/p/jobs", job)
            #expect(refused.status == 422 && refused.json["field"].string == "ranks", "\(refused.text)")
        }
        let job = try await fixture(
            .post, "/v1/projects/p/jobs", Self.training.replacing(#""budget""#, with: #""ranks":1,"budget""#))
        #expect(job.status == 202 && job.json["request"]["ranks"].number == 1)
        let claim = Self.claim.replacing(#""threads":4"#, with: #""threads":4,"ranks":0"#)
        #expect(try await fixture(.post, "/v1/workers/a/claim", claim).status == 422)
    }

    @Test func `a worker's token opens its own calls only, and nobody else's opens those`() async throws {
        let fixture = try await fixture()
        let worker = try await fixture.token("ws", .worker)
        for target in [
            "/v1/projects", "/v1/projects/p/volumes/v/image", "/v1/projects/p/jobs", "/v1/workers", "/metrics",
        ] {
            let reply = try await fixture(.get, target, headers: worker)
            #expect(reply.status == 403, "\(target)")
        }
        #expect(try await fixture(.post, "/v1/workers/a/claim", headers: worker, Self.body()).status == 204)
        for role in [Role.viewer, .annotator, .trainer] {
            let headers = try await fixture.token(role.rawValue, role)
            let reply = try await fixture(.post, "/v1/workers/a/claim", headers: headers, Self.body())
            #expect(reply.status == 403 && reply.detail.contains("worker"), "\(role)")
            #expect(try await fixture(.get, "/v1/leases/1/1/unit", headers: headers).status == 403, "\(role)")
        }
        let boss = try await fixture.token("boss", .admin)
        #expect(try await fixture(.post, "/v1/workers/a/claim", headers: boss, Self.body()).status == 204)
    }

    @Test func `a worker has jobs of its token's projects only, and its lease is its own`() async throws {
        let fixture = try await fixture()
        _ = try await fixture(.put, "/v1/projects/q", #"{"classes":[{"name":"a"},{"name":"b"}]}"#)
        #expect(try await fixture(.post, "/v1/projects/p/jobs", Self.training).status == 202)
        let ofQ = try await fixture.token("q", .worker, projects: ["q"])
        let ofP = try await fixture.token("p", .worker, projects: ["p"])
        let anna = try await fixture.token("anna", .annotator, projects: ["q"])
        try await fixture.serving { client in
            let (ofQ, ofP) = (try header(ofQ), try header(ofP))
            #expect(try await client(.post, "/v1/workers/a/claim", headers: ofQ, Self.body()).status == 204)
            let claimed = try await client(.post, "/v1/workers/b/claim?wait=60", headers: ofP, Self.body())
            #expect(claimed.status == 200)
            #expect(try await client(.get, "/v1/leases/1/1/unit", headers: ofQ).status == 409)
            #expect(try await client(.get, "/v1/leases/1/2/unit", headers: ofP).status == 409)
            #expect(try await client(.get, "/v1/leases/1/1/unit?wait=60", headers: ofP).status == 200)
            // Another one of its name.
            let second = try await client(.post, "/v1/workers/b/claim", headers: ofP, Self.body())
            #expect(second.status == 409 && second.detail.contains("two names"))
            let seen = try await client(.get, "/v1/workers", headers: try header(anna)).json
            #expect(seen.count == 2 && seen[1]["name"].string == "b" && seen[1]["job"] == .null)
        }
    }

    @Test func `a worker that wants one job is given that one, and told when there is nothing left of it`() async throws
    {
        let fixture = try await fixture()
        for _ in 0..<2 { #expect(try await fixture(.post, "/v1/projects/p/jobs", Self.training).status == 202) }
        try await fixture.serving { client in
            func claim(_ job: String) async throws -> Reply {
                let body = Self.claim.replacing("}", with: #","job":\#(job)}"#)
                return try await client(.post, "/v1/workers/ws1/claim", headers: [:], Array(body.utf8))
            }
            while try await claim("2").json["job"].number != 2 { await Task.yield() }
            #expect(try await claim("2").status == 204)
            #expect(try await claim("1").status == 409)
            #expect(try await claim("3").status == 404)
            #expect(try await claim("\"2\"").json["field"].string == "job")
            let result = try WorkResult(number: 0, .returned).encoded()
            #expect(try await client(.post, "/v1/leases/2/1/result", headers: [:], [UInt8](result)).status == 204)
            #expect(try await client(.post, "/v1/projects/p/jobs/2/cancel", "").status == 200)
            _ = try await client(.get, "/v1/projects/p/jobs/2/events")
            let over = try await claim("2")
            #expect(over.status == 409 && over.detail.contains("been cancelled"), "\(over.text)")
            #expect(try await client(.get, "/v1/projects/p/jobs/2").json["slurm"] == .null)
        }
    }

    @Test func `a worker that wants tiles of one job is given no job, and told when that has ended`() async throws {
        let fixture = try await fixture()
        for _ in 0..<2 { #expect(try await fixture(.post, "/v1/projects/p/jobs", Self.training).status == 202) }
        try await fixture.serving { client in
            func claim(_ job: String) async throws -> Reply {
                let body = Self.claim.replacing("}", with: #","tiles_of":\#(job)}"#)
                return try await client(.post, "/v1/workers/ws1/claim", headers: [:], Array(body.utf8))
            }
            while try await claim("3").status != 404 { await Task.yield() }
            #expect(try await claim("2").status == 204)
            #expect(try await claim("0").json["field"].string == "tiles_of")
            #expect(try await client(.post, "/v1/projects/p/jobs/2/cancel", "").status == 200)
            let over = try await claim("2")
            #expect(over.status == 409 && over.detail.contains("been cancelled"), "\(over.text)")
            #expect(try await client(.get, "/v1/projects/p/jobs/1").json["attempts"].number == 0)
        }
    }

    @Test func `what Slurm says of a job stands in its JSON`() async throws {
        let fixture = try await fixture()
        #expect(try await fixture(.post, "/v1/projects/p/jobs", Self.training).status == 202)
        try await fixture.store.noteSlurm(
            job: 1, #"{"job":7,"node":null,"reason":"Resources","state":"PENDING"}"#)
        let job = try await fixture(.get, "/v1/projects/p/jobs/1").json["slurm"]
        #expect(job["job"].number == 7 && job["state"].string == "PENDING" && job["reason"].string == "Resources")
        #expect(job["node"] == .null)
    }

    private func header(_ headers: Headers) throws -> [String: String] {
        ["Authorization": try #require(headers["Authorization"])]
    }

    @Test func `a worker of another version, or one that says nothing of itself, is refused`() async throws {
        let fixture = try await fixture()
        let other = try await fixture(.post, "/v1/workers/a/claim", Self.body("0.0.9"))
        #expect(other.status == 422 && other.json["field"].string == "version")
        #expect(other.detail.contains("0.0.9") && other.detail.contains("unknown"))
        #expect(try await fixture(.post, "/v1/workers/a/claim", "{}").status == 422)
        #expect(try await fixture(.post, "/v1/workers/a/claim", "").status == 400)
        #expect(try await fixture(.post, "/v1/workers/-a/claim", Self.body()).status == 422)
        #expect(try await fixture(.get, "/v1/leases/x/1/unit").status == 404)
        #expect(try await fixture(.get, "/v1/leases/7/1/unit").status == 409)
    }
}
