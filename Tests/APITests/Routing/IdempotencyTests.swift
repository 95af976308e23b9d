import API
import HTTP
import JSON
import Store
import TestSupport
import Testing

@Suite struct IdempotencyTests {
    private static let annotations = "/v1/projects/p/volumes/v/annotations"
    private static let slice = [UInt8](repeating: 1, count: 48)

    private func furnished() async throws -> APIFixture {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        return fixture
    }

    @Test func `a slice that is posted again with its key gets the first answer and no second revision`() async throws {
        let fixture = try await furnished()
        let headers: Headers = ["Idempotency-Key": "abc-1"]
        let first = try await fixture(.post, "\(Self.annotations)?axis=z&index=1", headers: headers, Self.slice)
        let again = try await fixture(.post, "\(Self.annotations)/?index=1&axis=z", headers: headers, Self.slice)
        #expect(first.status == 201 && again.status == 201)
        #expect(first.body == again.body && !first.body.isEmpty)
        for name in ["Location", "Content-Type"] { #expect(first.headers[name] == again.headers[name]) }
        #expect(first.headers["Idempotency-Replayed"] == nil && again.headers["Idempotency-Replayed"] == "true")
        #expect(try await fixture(.get, "\(Self.annotations)/z/1/history").json.count == 1)
        #expect(try await fixture(.get, "/v1/audit").json.count == 3, "what was not done again is not in the log")
        _ = try await fixture(.post, "\(Self.annotations)?axis=z&index=1", Self.slice)
        #expect(try await fixture(.get, "\(Self.annotations)/z/1/history").json.count == 2)
    }

    @Test func `another query or body with the key is refused`() async throws {
        let fixture = try await furnished()
        let headers: Headers = ["Idempotency-Key": "abc-1"]
        let place = "\(Self.annotations)?axis=z&index="
        #expect(try await fixture(.post, "\(place)1", headers: headers, Self.slice).status == 201)
        let others = [
            try await fixture(.post, "\(place)2", headers: headers, Self.slice),
            try await fixture(.post, "\(place)1", headers: headers, [UInt8](repeating: 2, count: 48)),
            try await fixture(.post, "/v1/projects/p/jobs", headers: headers, Array(#"{"kind":"train"}"#.utf8)),
        ]
        for other in others {
            #expect(other.status == 422)
            #expect(other.json["field"].string == "Idempotency-Key")
        }
        #expect(try await fixture(.get, "/v1/projects/p/jobs").json.count == 0)
    }

    @Test func `what was refused may be tried again`() async throws {
        let fixture = try await furnished()
        let headers: Headers = ["Idempotency-Key": "abc-1"]
        let place = "\(Self.annotations)?axis=z&index="
        #expect(try await fixture(.post, "\(place)99", headers: headers, Self.slice).status == 422)
        #expect(try await fixture(.post, "\(place)3", headers: headers, Self.slice).status == 201)
    }

    @Test func `jobs, retries and cancellations are not repeated either`() async throws {
        let fixture = try await furnished()
        let body = Array(#"{"kind":"train"}"#.utf8)
        let jobs = "/v1/projects/p/jobs"
        let first = try await fixture(.post, jobs, headers: ["Idempotency-Key": "1"], body)
        let again = try await fixture(.post, jobs, headers: ["Idempotency-Key": "1"], body)
        #expect(first.status == 202 && again.body == first.body)
        #expect(again.headers["Location"] == "\(jobs)/1")
        let cancelled = try await fixture(.post, "\(jobs)/1/cancel", headers: ["Idempotency-Key": "2"])
        #expect(cancelled.json["state"].string == "cancelled")
        let same = try await fixture(.post, "\(jobs)/1/cancel", headers: ["Idempotency-Key": "2"])
        #expect(same.body == cancelled.body && same.headers["Idempotency-Replayed"] == "true")
        let retried = try await fixture(.post, "\(jobs)/1/retry", headers: ["Idempotency-Key": "3"])
        let twin = try await fixture(.post, "\(jobs)/1/retry", headers: ["Idempotency-Key": "3"])
        #expect(retried.status == 202 && twin.body == retried.body)
        #expect(try await fixture(.get, jobs).json.count == 2)
    }

    @Test func `requests that come at the same time make one revision`() async throws {
        let fixture = try await furnished()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await fixture(
                        .post, "\(Self.annotations)?axis=z&index=1", headers: ["Idempotency-Key": "k"], Self.slice
                    ).status
                }
            }
            return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
        }
        #expect(statuses.isSubset(of: [201, 409]) && statuses.contains(201))
        #expect(try await fixture(.get, "\(Self.annotations)/z/1/history").json.count == 1)
    }

    @Test func `each token has keys of its own`() async throws {
        let fixture = try await furnished()
        for name in ["ana", "bob"] {
            var headers = try await fixture.token(name, .annotator)
            headers.add("Idempotency-Key", "k")
            let reply = try await fixture(
                .post, "\(Self.annotations)?axis=z&index=1", headers: headers, Self.slice)
            #expect(reply.status == 201 && reply.headers["Idempotency-Replayed"] == nil)
        }
    }

    @Test(arguments: ["", "a b", "ä", String(repeating: "k", count: 256)])
    func `a key that is none is refused`(key: String) async throws {
        let fixture = try await furnished()
        let reply = try await fixture(
            .post, "\(Self.annotations)?axis=z&index=1", headers: ["Idempotency-Key": key], Self.slice)
        #expect(reply.status == 400)
        #expect(reply.json["field"].string == "Idempotency-Key")
    }

    @Test func `a change whose answer could not be sent is not made again`() async throws {
        let fixture = try APIFixture()
        let once = Idempotency(store: fixture.store)
        let classes = [ClassRecord(name: "a", color: "#e69f00")]
        let request = try Request(.post, "/projects", headers: ["Idempotency-Key": "k"])
        let stopped = try await once.answerOnce(request) { _ in
            _ = try await Idempotency.answering {
                try await fixture.store.putProject(name: "p", description: nil, classes: classes)
            } by: { made in
                Response(status: 201, headers: ["Location": "/projects/\(made.project.name)"])
            }
            return Response(HTTPError(503, "the server is stopping"))
        }
        #expect(stopped.status == 503)
        let again = try await once.answerOnce(request) { _ in Response(status: 500) }
        #expect(again.status == 201 && again.headers["Location"] == "/projects/p")
    }

    @Test func `a change of unknown answer is neither made again nor called done`() async throws {
        let fixture = try APIFixture()
        let once = Idempotency(store: fixture.store)
        let classes = [ClassRecord(name: "a", color: "#e69f00")]
        let request = try Request(.post, "/projects", headers: ["Idempotency-Key": "k"])
        _ = try await once.answerOnce(request) { _ in
            _ = try await fixture.store.putProject(name: "p", description: nil, classes: classes)
            return Response(HTTPError(503, "the server is stopping"))
        }
        let error = await #expect(throws: HTTPError.self) {
            try await once.answerOnce(request) { _ in Response(status: 201) }
        }
        #expect(error?.status == 409)
    }
}
