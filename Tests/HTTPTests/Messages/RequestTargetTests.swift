import HTTP
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct RequestTargetTests {
    private func router() -> Router {
        var router = Router(logger: .silent)
        router.on(.delete, "/things/{name}") { request in .text("deleted \(try request.parameter("name"))") }
        router.on(.get, "/") { _ in .text("root") }
        return router
    }

    private func reply(_ line: String) async throws -> Reply {
        try await withServer(router()) { server in
            try await server.raw { connection in
                connection.send("\(line)\r\nHost: t\r\n\r\n")
                return try connection.reply()
            }
        }
    }

    @Test(arguments: [
        "/things/k\u{0}/parts/p", "/things/k\u{0}", "/things/k\u{0}?x=1", "/\u{0}/things/k", "/things/k\u{1}",
        "/things/k\u{1F}", "/things/k\u{7F}", "/things/k\tx", "/things/k?x=\u{2}",
        "junk/things/k", "things/k", "junk://host/things/k", "junk:/things/k", "*", "?/things/k",
    ])
    func `a target that is none is refused, and does nothing`(_ target: String) async throws {
        let reply = try await reply("DELETE \(target) HTTP/1.1")
        #expect(reply.status == 400, "\(reply.text)")
        #expect(!reply.text.contains("deleted"))
    }

    @Test func `other targets mean what they say`() async throws {
        #expect(try await reply("DELETE /things/k HTTP/1.1").text == "deleted k")
        #expect(try await reply("DELETE /things/%C3%A4%20b HTTP/1.1").text == "deleted ä b")
        #expect(try await reply("DELETE /things/ä HTTP/1.1").text == "deleted ä")
        #expect(try await reply("DELETE http://t/things/k?x HTTP/1.1").text == "deleted k")
        #expect(try await reply("GET HTTPS://t?x HTTP/1.1").text == "root")
        #expect(try await reply("OPTIONS * HTTP/1.1").status == 204)
    }
}
