import API
import Foundation
import HTTP
import JSON
import Store
import TestSupport
import Testing

@Suite struct AccessTests {
    private static let classes = Array(#"{"classes":[{"name":"a"},{"name":"b"}]}"#.utf8)
    private static let slice = [UInt8](repeating: 1, count: 48)

    @Test func `from the first token on every request needs one, those for health and descriptions aside`() async throws
    {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.get, "/v1/projects/p").status == 200)
        let admin = try await fixture.token("anna", .admin)
        for target in ["/start", "/metrics", "/v1/projects", "/v1/projects/p", "/v1/audit", "/nowhere"] {
            let reply = try await fixture(.get, target)
            #expect(reply.status == 401, "\(target)")
            #expect(reply.headers["WWW-Authenticate"] == #"Bearer realm="slicewise""#)
            #expect(reply.headers["Content-Type"] == "application/problem+json")
            #expect(try await fixture(.head, target).status == 401, "\(target)")
            #expect(try await fixture(.get, target, headers: admin).status == (target == "/nowhere" ? 404 : 200))
        }
        #expect(try await fixture(.options, "/v1/projects").status == 401)
        #expect(try await fixture(.put, "/v1/projects/q", Self.classes).status == 401)
        #expect(try await fixture(.delete, "/v1/projects/p").status == 401)
        for target in ["/", "/healthz", "/readyz", "/openapi.json", "/docs"] {
            #expect(try await fixture(.get, target).status == 200)
        }
    }

    @Test(arguments: ["Basic YTpi", "Bearer", "Bearer ", "Bearer wrong", "slicewise_wrong", "Bearer slicewise_"])
    func `what is no token opens nothing`(_ value: String) async throws {
        let fixture = try APIFixture()
        _ = try await fixture.token("anna", .admin)
        let reply = try await fixture(.get, "/v1/projects", headers: ["Authorization": value])
        #expect(reply.status == 401)
        #expect(reply.headers["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
        #expect(!reply.text.contains("anna"))
    }

    @Test func `a revoked token is refused at once, and a server without a valid one stays shut`() async throws {
        let fixture = try APIFixture()
        let anna = try await fixture.token("anna", .admin)
        #expect(try await fixture(.get, "/v1/projects", headers: anna).status == 200)
        try await fixture.store.revokeToken(named: "anna")
        let reply = try await fixture(.get, "/v1/projects", headers: anna)
        #expect(reply.status == 401 && reply.detail.contains("revoked"))
        #expect(reply.headers["WWW-Authenticate"]?.contains("invalid_token") == true)
        #expect(try await fixture(.get, "/v1/projects").status == 401)
        try await fixture.store.forgetTokens(named: "anna")
        #expect(try await fixture(.get, "/v1/projects").status == 200)
    }

    @Test func `events stop coming when the token is revoked`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.post, "/v1/projects/p/jobs", #"{"kind":"train"}"#).status == 202)
        let target = "/v1/projects/p/jobs/1/events"
        let anna = try await fixture.token("anna", .viewer)
        let response = await fixture.router.freeze().respond(to: try Request(.get, target, headers: anna))
        #expect(response.status == 200)
        try await fixture.store.revokeToken(named: "anna")
        // The job waits for ever, as no runner runs: without the check this would not return.
        #expect(try await response.body.bytes().isEmpty)
    }

    @Test func `events that began before the first token stop coming when it is made`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.post, "/v1/projects/p/jobs", #"{"kind":"train"}"#).status == 202)
        let response = await fixture.router.freeze().respond(to: try Request(.get, "/v1/projects/p/jobs/1/events"))
        #expect(response.status == 200)
        _ = try await fixture.token("anna", .viewer)
        #expect(try await response.body.bytes().isEmpty)
    }

    @Test func `a server that others reach opens to nobody without tokens`() async throws {
        var settings = APISettings()
        settings.isLocal = false
        let fixture = try APIFixture(settings: settings)
        #expect(try await fixture(.get, "/v1/projects").status == 401)
        #expect(try await fixture(.put, "/v1/projects/p", Self.classes).status == 401)
        #expect(try await fixture(.get, "/healthz").status == 200)
    }

    /// What each role may do first, by a call that fails otherwise than with 403 for those who may.
    private static let calls: [(Role, HTTP.Method, String)] = [
        (.viewer, .get, "/v1/projects/p"), (.viewer, .get, "/v1/projects/p/volumes/v/annotations"),
        (.viewer, .get, "/v1/projects/p/jobs"), (.viewer, .get, "/v1/projects/p/models"),
        (.annotator, .post, "/v1/projects/p/volumes/v/annotations"),
        (.annotator, .put, "/v1/projects/p/volumes/v/annotations"),
        (.annotator, .delete, "/v1/projects/p/volumes/v/annotations/z/0"),
        (.annotator, .post, "/v1/projects/p/volumes/v/annotations/z/0/restore"),
        (.trainer, .put, "/v1/projects/p/volumes/w"), (.trainer, .put, "/v1/projects/p/volumes/v/truth"),
        (.trainer, .delete, "/v1/projects/p/volumes/v/truth"), (.trainer, .post, "/v1/projects/p/jobs"),
        (.trainer, .post, "/v1/projects/p/jobs/7/cancel"), (.trainer, .post, "/v1/projects/p/jobs/7/retry"),
        (.trainer, .put, "/v1/projects/p/models/m"), (.trainer, .delete, "/v1/projects/p/models/m"),
        (.admin, .put, "/v1/projects/p"), (.admin, .delete, "/v1/projects/p/volumes/w"),
        (.admin, .delete, "/v1/projects/q"), (.admin, .get, "/v1/audit?project=p"),
    ]

    @Test(arguments: Role.allCases, [["p", "q"], nil])
    func `each role may do what is its own, in its projects`(_ role: Role, _ projects: [String]?) async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        _ = try await fixture(.put, "/v1/projects/q", Self.classes)
        let headers = try await fixture.token("t", role, projects: projects)
        for (needed, method, target) in Self.calls {
            let reply = try await fixture(method, target, headers: headers, method == .get ? nil : [0])
            #expect((reply.status == 403) == (role < needed), "\(method) \(target): \(reply.status) \(reply.detail)")
            #expect(reply.status != 401 && reply.status < 500, "\(method) \(target)")
            if reply.status == 403 { #expect(reply.detail.contains(needed.rawValue), "\(reply.detail)") }
        }
    }

    @Test func `a token of one project sees no other`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        _ = try await fixture(.put, "/v1/projects/q", Self.classes)
        let admin = try await fixture.token("q-admin", .admin, projects: ["q"])
        let list = try await fixture(.get, "/v1/projects", headers: admin)
        #expect(list.json.count == 1 && list.json[0]["name"].string == "q")
        let page = try await fixture(.get, "/start", headers: admin)
        #expect(page.text.contains("v1/projects/q") && !page.text.contains("v1/projects/p"))
        let there = try await fixture(.get, "/v1/projects/p", headers: admin)
        let nowhere = try await fixture(.get, "/v1/projects/zzz", headers: admin)
        #expect(there.status == 403 && nowhere.status == 403, "what is not there looks the same")
        for target in ["/v1/projects/p/volumes/v/image", "/v1/projects/p/volumes/v/slices/z/0", "/v1/projects/p/jobs"] {
            #expect(try await fixture(.get, target, headers: admin).status == 403, "\(target)")
        }
        #expect(try await fixture(.put, "/v1/projects/new", headers: admin, Self.classes).status == 403)
        #expect(try await fixture(.put, "/v1/projects/q", headers: admin, Self.classes).status == 200)
        #expect(try await fixture(.get, "/v1/audit", headers: admin).status == 403)
        #expect(try await fixture(.get, "/v1/audit?project=p", headers: admin).status == 403)
        #expect(try await fixture(.get, "/v1/audit?project=q", headers: admin).status == 200)
        let all = try await fixture.token("all", .admin)
        #expect(try await fixture(.put, "/v1/projects/new", headers: all, Self.classes).status == 201)
    }

    @Test func `an annotation is signed with the token's name, whatever it says`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let anna = try await fixture.token("anna", .annotator)
        let post = "/v1/projects/p/volumes/v/annotations?axis=z&index="
        #expect(try await fixture(.post, "\(post)1", headers: anna, Self.slice).status == 201)
        #expect(try await fixture(.post, "\(post)2&author=script", headers: anna, Self.slice).status == 201)
        let list = try await fixture(.get, "/v1/projects/p/volumes/v/annotations", headers: anna).json
        #expect([list[0]["author"].string, list[1]["author"].string] == ["anna", "anna"])
    }

    @Test func `changes that succeeded stand in the audit log, others do not`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let anna = try await fixture.token("anna", .annotator)
        let admin = try await fixture.token("boss", .admin)
        let target = "/v1/projects/p/volumes/v/annotations?axis=z&index=1&author=a%20b"
        var headers = anna
        headers["X-Request-Id"] = "req-7"
        #expect(try await fixture(.post, target, headers: headers, Self.slice).status == 201)
        #expect(try await fixture(.post, target, headers: anna, [1]).status == 422)
        #expect(try await fixture(.delete, "/v1/projects/p", headers: anna).status == 403)
        #expect(try await fixture(.get, "/v1/projects/p", headers: anna).status == 200)
        let log = try await fixture(.get, "/v1/audit?limit=4", headers: admin).json
        #expect(log.count == 4)
        #expect((0..<4).map { log[$0]["token"].string } == ["anna", nil, nil, nil])
        #expect(log[1]["path"].string == "token create boss" && log[2]["path"].string == "token create anna")
        let entry = log[0]
        #expect(entry["method"].string == "POST" && entry["path"].string == target)
        #expect(entry["status"].number == 201 && entry["request"].string == "req-7")
        #expect(entry["project"].string == "p" && entry["time"].string?.hasSuffix("Z") == true)
        // Before there were tokens somebody did something, too.
        let before = try await fixture(.get, "/v1/audit?project=p&limit=1000", headers: admin).json
        #expect(before.count == 3)
        #expect(try await fixture(.get, "/v1/audit?limit=0", headers: admin).status == 422)
        #expect(try await fixture(.get, "/v1/audit?limit=x", headers: admin).status == 400)
    }

    @Test func `too many wrong tokens are told to wait; a right one need not`() async throws {
        let fixture = try APIFixture()
        let anna = try await fixture.token("anna", .viewer)
        try await fixture.serving { client in
            var statuses: [Int] = []
            let began = ContinuousClock.now
            for number in 0..<40 {
                let reply = try await client(.get, "/v1/projects", headers: ["Authorization": "Bearer wrong\(number)"])
                statuses.append(reply.status)
                if reply.status == 429 {
                    let seconds = try #require(reply.headers["Retry-After"].flatMap { Int($0) })
                    #expect((1...6).contains(seconds))
                }
            }
            #expect(statuses.prefix(10).allSatisfy { $0 == 401 })
            // One more is let through every six seconds, which may pass on a busy machine.
            let later = Int((ContinuousClock.now - began) / .seconds(6)) + 1
            #expect(statuses.count { $0 == 401 } <= 10 + later)
            #expect(statuses.contains(429))
            let right = try await client(.get, "/v1/projects", headers: ["Authorization": anna["Authorization"] ?? ""])
            #expect(right.status == 200)
        }
    }

    @Test func `every call that changes something says which role it needs`() async throws {
        let fixture = try APIFixture()
        let document = try await fixture(.get, "/openapi.json").json
        #expect(document["components"]["securitySchemes"]["token"]["scheme"].string == "bearer")
        for path in document["paths"].names {
            for method in document["paths"][path].names {
                let role = document["paths"][path][method]["security"][0]["token"][0].string
                // What a link opens needs no other token, nor does a login with one.
                let isOpen =
                    ["/", "/healthz", "/readyz", "/openapi.json", "/docs"].contains(path)
                    || path.hasPrefix("/v1/shares/")
                    || ["/monai/{project}/auth", "/monai/{project}/auth/token"].contains(path)
                #expect((role == nil) == isOpen, "\(method) \(path)")
                // MONAI Label's clients ask for what is there by POST, too.
                let isQuestion = ["infer", "activelearning"].contains { path.hasPrefix("/monai/{project}/\($0)/") }
                #expect(method == "get" || isOpen || isQuestion || role != "viewer", "\(method) \(path)")
            }
        }
    }
}
