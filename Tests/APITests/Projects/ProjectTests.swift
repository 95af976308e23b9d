import HTTP
import JSON
import TestSupport
import Testing

@Suite struct ProjectTests {
    @Test func `a new project is 201 with its place, the same again 200`() async throws {
        let fixture = try APIFixture()
        let body =
            ##"{"classes":[{"name":"inside tubule","color":"#E69F00"},{"name":"tubule"}],"description":"kidney"}"##
        let first = try await fixture(.put, "/v1/projects/kidneys", body)
        #expect(first.status == 201)
        #expect(first.headers["Location"] == "/v1/projects/kidneys")
        #expect(first.json["classes"][0]["color"].string == "#e69f00")
        #expect(first.json["classes"][1]["color"].string?.hasPrefix("#") == true)
        #expect(try await fixture(.put, "/v1/projects/kidneys/", body).status == 200)
        let one = try await fixture(.get, "/v1/projects/kidneys")
        #expect(one.json["description"].string == "kidney")
        #expect(one.text.hasPrefix(#"{"name":"kidneys","description":"kidney","classes":[{"name":"inside tubule""#))
        #expect(try await fixture(.get, "/v1/projects").json.count == 1)
    }

    @Test func `what is wrong with a project is told with the field`() async throws {
        let fixture = try APIFixture()
        func refusal(_ body: String) async throws -> (Int, String?) {
            let reply = try await fixture(.put, "/v1/projects/p", body)
            #expect(reply.headers["Content-Type"] == "application/problem+json")
            return (reply.status, reply.json["field"].string)
        }
        #expect(try await refusal("classes") == (400, nil))
        #expect(try await refusal("[]") == (400, nil))
        #expect(try await refusal("{}") == (422, "classes"))
        #expect(try await refusal(#"{"classes":[]}"#) == (422, "classes"))
        #expect(try await refusal(#"{"classes":[{"name":"a"},{"name":"a"}]}"#) == (422, "classes[1].name"))
        #expect(try await refusal(#"{"classes":[{"name":"unlabeled"}]}"#) == (422, "classes[0].name"))
        #expect(try await refusal(#"{"classes":[{"name":"a","colour":"red"}]}"#) == (422, "classes[0].colour"))
        #expect(try await refusal(#"{"classes":[{"name":"a","color":"red"}]}"#) == (422, "classes[0].color"))
        #expect(try await refusal(#"{"classes":[{"name":"a"}],"descriptoin":""}"#) == (422, "descriptoin"))
    }

    @Test func `254 classes are taken, one more is not`() async throws {
        let fixture = try APIFixture()
        func put(_ count: Int) async throws -> Reply {
            let names = (0..<count).map { "{\"name\":\"c\($0)\"}" }
            return try await fixture(.put, "/v1/projects/p", "{\"classes\":[\(names.joined(separator: ","))]}")
        }
        let refused = try await put(255)
        #expect(refused.status == 422)
        #expect(refused.json["field"].string == "classes")
        #expect(try await put(254).status == 201)
    }

    @Test func `lengths are counted as they are stored, each accent for itself`() async throws {
        let fixture = try APIFixture()
        func field(_ body: String) async throws -> String? {
            let reply = try await fixture(.put, "/v1/projects/p", body)
            #expect(reply.status == 422)
            return reply.json["field"].string
        }
        func accents(_ count: Int) -> String { "e" + String(repeating: "\u{301}", count: count) }
        #expect(try await field("{\"classes\":[{\"name\":\"\(accents(100))\"}]}") == "classes[0].name")
        let described = "{\"classes\":[{\"name\":\"a\"}],\"description\":\"\(accents(10_000))\"}"
        #expect(try await field(described) == "description")
    }

    @Test(arguments: ["-p", ".p", "p%20q", "%C3%A4", String(repeating: "p", count: 65)])
    func `a name of another form is refused`(name: String) async throws {
        let fixture = try APIFixture()
        let reply = try await fixture(.put, "/v1/projects/\(name)", #"{"classes":[{"name":"a"}]}"#)
        #expect(reply.status == 422)
        #expect(reply.json["field"].string == "project")
        #expect(reply.detail.contains("1 to 64 letters"))
    }

    @Test func `a class that labels use can't be removed`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let slice = [UInt8](repeating: 2, count: 48)
        #expect(try await fixture(.post, "/v1/projects/p/volumes/v/annotations?axis=z&index=1", slice).status == 201)
        let fewer = try await fixture(.put, "/v1/projects/p", #"{"classes":[{"name":"out"},{"name":"in"}]}"#)
        #expect(fewer.status == 409)
        let renamed = #"{"classes":[{"name":"out"},{"name":"in"},{"name":"rim"},{"name":"new"}]}"#
        #expect(try await fixture(.put, "/v1/projects/p", renamed).status == 200)
    }

    @Test func `a class that goes keeps its place, so that no other has its labels`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let slice = [UInt8](repeating: 2, count: 48)
        let place = "/v1/projects/p/volumes/v/annotations"
        #expect(try await fixture(.post, "\(place)?axis=z&index=1", slice).status == 201)
        #expect(try await fixture(.delete, "\(place)/z/1").status == 200)
        let fewer = try await fixture(.put, "/v1/projects/p", #"{"classes":[{"name":"out"},{"name":"in"}]}"#)
        #expect(fewer.status == 200)
        #expect(fewer.json["classes"][2]["name"].string == "edge")
        #expect(fewer.json["classes"][2]["removed"] == true)
        let taken = try await fixture(
            .put, "/v1/projects/p", #"{"classes":[{"name":"out"},{"name":"in"},{"name":"nucleus"}]}"#)
        #expect(taken.status == 409 && taken.detail.contains(#"{"name":"edge","removed":true}"#))
        let kept = try await fixture(
            .put, "/v1/projects/p",
            #"{"classes":[{"name":"out"},{"name":"in"},{"name":"edge","removed":true},{"name":"nucleus"}]}"#)
        #expect(kept.status == 200 && kept.json["classes"].count == 4)
        // The earlier revision still says what it meant, and nothing new can mean it.
        let history = try await fixture(.get, "\(place)/z/1/history")
        #expect(history.json[0]["voxels"]["edge"].number == 48)
        #expect(history.json[1]["voxels"]["edge"] == .null)
        #expect(try await fixture(.post, "\(place)/z/1/restore?revision=1", "").status == 409)
        #expect(try await fixture(.post, "\(place)?axis=z&index=1", slice).status == 422)
    }

    @Test func `a project goes by the model that it names`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        for name in ["old", "new"] {
            #expect(try await fixture(.put, "/v1/projects/p/models/\(name)", Nets.file()).status == 201)
        }
        let slice = "/v1/projects/p/volumes/v/prediction/slices/z/1"
        #expect(try await fixture(.get, slice).headers["X-Slicewise-Model"] == "new")
        let pinned = try await fixture(.put, "/v1/projects/p", #"{"model":"old"}"#)
        #expect(pinned.status == 200 && pinned.json["model"].string == "old" && pinned.json["classes"].count == 3)
        for model in ["", "?model=latest", "?model=old"] {
            #expect(try await fixture(.get, slice + model).headers["X-Slicewise-Model"] == "old")
        }
        let other = try await fixture(.get, "\(slice)?model=new")
        #expect(other.headers["X-Slicewise-Model"] == "new")
        #expect(other.headers["Content-Disposition"]?.contains("v-prediction-z1-new.png") == true)
        let missing = try await fixture(.get, "/v1/projects/p/volumes/v/prediction")
        #expect(missing.status == 404 && missing.detail.contains("by the model old"))
        let refused = try await fixture(.delete, "/v1/projects/p/models/old")
        #expect(refused.status == 409 && refused.detail.contains("goes by the model"))
        let unknown = try await fixture(.put, "/v1/projects/p", #"{"model":"none"}"#)
        #expect(unknown.status == 422 && unknown.json["field"].string == "model")
        #expect(try await fixture(.put, "/v1/projects/new", #"{"model":"old"}"#).json["field"].string == "classes")
        #expect(try await fixture(.put, "/v1/projects/p", #"{"model":null}"#).json["model"] == .null)
        #expect(try await fixture(.get, slice).headers["X-Slicewise-Model"] == "new")
        #expect(try await fixture(.delete, "/v1/projects/p/models/old").status == 204)
    }

    @Test func `a removed project is gone with its volumes and waiting jobs`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.post, "/v1/projects/p/jobs", #"{"kind":"train"}"#).status == 202)
        #expect(try await fixture(.delete, "/v1/projects/p").status == 204)
        let gone = try await fixture(.get, "/v1/projects/p/volumes/v")
        #expect(gone.status == 404)
        #expect(gone.detail.contains("p"))
        #expect(try await fixture(.delete, "/v1/projects/p").status == 404)
    }

    @Test func `a body over a mebibyte is refused`() async throws {
        let fixture = try APIFixture()
        let reply = try await fixture(.put, "/v1/projects/p", [UInt8](repeating: 0x20, count: (1 << 20) + 1))
        #expect(reply.status == 413)
    }
}
