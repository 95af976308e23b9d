import HTTP
import TestSupport
import Testing

@Suite struct ServerSentEventTests {
    @Test func `an event has its id, type and data lines`() {
        let event = ServerSentEvent(id: "7", type: "progress", data: "one\ntwo")
        #expect(String(decoding: event.bytes, as: UTF8.self) == "id: 7\nevent: progress\ndata: one\ndata: two\n\n")
        #expect(String(decoding: ServerSentEvent(data: "").bytes, as: UTF8.self) == "data: \n\n")
    }

    @Test func `line breaks cannot make other fields`() {
        let event = ServerSentEvent(id: "7\ndata: x", type: "a\r\nid: 9", data: "b\r\nid: 10\rretry: 1")
        #expect(
            String(decoding: event.bytes, as: UTF8.self)
                == "id: 7data: x\nevent: aid: 9\ndata: b\ndata: id: 10\ndata: retry: 1\n\n")
    }

    @Test(arguments: Transport.allCases)
    func `events come after a comment`(_ transport: Transport) async throws {
        var router = Router(logger: .silent)
        router.on(.get, "/events") { _ in
            .events(
                AsyncStream { continuation in
                    continuation.yield(ServerSentEvent(id: "1", data: "{}"))
                    continuation.finish()
                })
        }
        try await TestClient.run(transport, router) { client async throws in
            let reply = try await client(.get, "/events")
            #expect(reply.headers["Content-Type"] == "text/event-stream")
            #expect(reply.isWhole)
            #expect(reply.text == ": events follow\n\nid: 1\ndata: {}\n\n")
            #expect(try await client(.head, "/events").body.isEmpty)
        }
    }
}
