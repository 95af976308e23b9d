import HTTP
import JSON
import Store
import TestSupport
import Testing

@Suite struct MONAIInfoTests {
    @Test func `info has what 3D Slicer and MITK read, with and without a model`() async throws {
        let world = try await MONAIWorld()
        let before = try await world.client.get("/info/")
        #expect(before.status == 200)
        // 3D Slicer refuses servers that send this.
        #expect(before.json["config"] == .null)
        #expect(before.json["labels"] == ["edge", "in"])
        #expect(before.json["models"].names.isEmpty)
        #expect(before.json["trainers"].names == ["unet"])
        #expect(before.json["strategies"].names == ["first", "uncertainty"])
        #expect(before.json["train_stats"].names.isEmpty)
        #expect(before.json["datastore"] == ["total": 1, "completed": 0, "label_tags": ["final": 0, "original": 0]])
        for word in before.json["trainers"]["unet"]["config"]["preset"].strings { #expect(!word.isEmpty) }
        try await world.predict(try MONAIWorld.labels { _, _, _ in 1 })
        let after = try await world.client.get("/info").json
        #expect(after["models"].names == ["latest", "m"])
        for name in ["latest", "m"] {
            let model = after["models"][name]
            #expect(model["type"].string == "segmentation" && model["dimension"].number == 3)
            #expect(model["description"].string != nil)
            #expect(model["labels"] == ["background": 0, "edge": 1, "in": 2])
        }
        #expect(after["datastore"]["label_tags"]["original"].number == 1)
    }

    @Test func `a removed class keeps its value, so that names and values stay in step`() async throws {
        let world = try await MONAIWorld()
        try await world.predict(try MONAIWorld.labels { _, _, _ in 2 })
        let classes = #"{"classes":[{"name":"edge","removed":true},{"name":"background"},{"name":"in"}]}"#
        #expect(try await world.fixture(.put, "/v1/projects/p", classes).status == 200)
        #expect(try await world.client.get("/info").json["labels"] == ["in"])
        #expect(try await world.client.get("/info").json["models"]["m"]["labels"]["in"].number == 2)
    }

    @Test func `what is not supported says so`() async throws {
        let world = try await MONAIWorld()
        let calls: [(HTTP.Method, String, String)] = [
            (.get, "/scoring", "scoring is not supported"), (.post, "/scoring/dice", "scoring is not supported"),
            (.post, "/batch/infer/m", "batch inference is not supported"), (.get, "/batch/infer", "batch inference"),
            (.get, "/model/m", "weights"), (.put, "/model/m", "weights"), (.get, "/datastore/dataset", "one by one"),
            (.put, "/datastore/image/info?image=v", "nothing is kept"),
            (.put, "/datastore/label/info", "nothing is kept"),
            (.put, "/datastore/updatelabelinfo", "nothing is kept"), (.post, "/infer/wsi/m", "whole slide"),
            (.get, "/proxy/dicom/wado", "DICOMweb"), (.get, "/logs/gpu", "GPU"),
        ]
        for (method, path, text) in calls {
            let reply = try await world.fixture(method, "/monai/p\(path)")
            #expect([404, 405].contains(reply.status), "\(path)")
            #expect(reply.detail.contains(text), "\(path): \(reply.detail)")
        }
        #expect(try await world.fixture(.get, "/monai/p/nothing").detail == "There is nothing at /monai/p/nothing.")
        #expect(try await world.fixture(.get, "/monai/none/info").status == 404)
    }

    @Test func `without tokens there is no login`() async throws {
        let world = try await MONAIWorld()
        #expect(try await world.client.get("/auth/").status == 404)
        #expect(try await world.client.get("/auth/token/valid").json["roles"].strings.contains("monailabel-admin"))
        let login = try await world.fixture(
            .post, "/monai/p/auth/token", headers: ["Content-Type": "application/x-www-form-urlencoded"],
            Array("username=a&password=b&grant_type=password".utf8))
        #expect(login.status == 404)
    }

    @Test func `a token is the password of any user, and its role holds`() async throws {
        var world = try await MONAIWorld()
        let viewer = try await world.fixture.token("looks", .viewer, projects: ["p"])
        let text = try #require(viewer["Authorization"]).dropFirst("Bearer ".count)
        #expect(try await world.client.get("/auth/").json["enabled"] == true)
        #expect(try await world.client.get("/info").status == 401)
        func logIn(_ password: some StringProtocol, _ project: String = "p") async throws -> Reply {
            try await world.fixture(
                .post, "/monai/\(project)/auth/token", headers: ["Content-Type": "application/x-www-form-urlencoded"],
                Array("username=anna&password=\(password)&grant_type=password".utf8))
        }
        #expect(try await logIn("wrong").status == 401)
        #expect(try await logIn(text, "other").status == 403)
        let token = try await logIn(text).json
        #expect(token["token_type"].string == "bearer")
        world = MONAIWorld(
            world, headers: ["Authorization": "bearer \(token["access_token"].string ?? "")"])
        #expect(try await world.client.get("/auth/token/valid").json["roles"] == ["monailabel-user"])
        #expect(try await world.client.get("/info").status == 200)
        let labels = try MONAIWorld.labels { z, _, _ in z == 1 ? 1 : 0 }
        let submitted = try await world.submit(labels, as: #"[{"name": "in", "idx": 1}]"#)
        #expect(submitted.status == 403)
        #expect(submitted.detail.contains("annotator"))
        #expect(try await world.client.post("/train/unet").status == 403)
        #expect(try await world.client.delete("/datastore/?id=v").status == 403)
        #expect(try await world.client.send(.put, "/datastore/?image=w").status == 403)
    }

    @Test func `the log is that of the newest job, as text`() async throws {
        let world = try await MONAIWorld()
        #expect(try await world.client.get("/logs/").text == "there is no job yet\n")
        #expect(try await world.client.post("/train/unet").status == 200)
        let log = try await world.client.get("/logs/?lines=300&html=true&refresh=3")
        #expect(log.text.hasPrefix("job 1, train: queued\n"))
        #expect(log.headers["Refresh"] == "3")
    }
}

extension JSONValue {
    /// The texts of an array.
    var strings: [String] {
        guard case .array(let values) = self else { return [] }
        return values.compactMap(\.string)
    }
}
