import HTTP
import Testing

@Suite struct StrangerTests {
    private static let body = Array(#"{"classes":[{"name":"a"}]}"#.utf8)

    @Test(arguments: [
        ["Origin": "https://elsewhere.example"], ["Origin": "null"], ["Sec-Fetch-Site": "cross-site"],
    ])
    func `a page of another site changes nothing`(headers: [String: String]) async throws {
        let world = try World()
        var fields: Headers = ["Host": "127.0.0.1:8080"]
        for (name, value) in headers { fields.add(name, value) }
        let reply = try await world(.put, "/v1/projects/p", headers: fields, Self.body)
        #expect(reply.status == 403)
        #expect(try await world(.get, "/v1/projects", headers: fields).json.count == 0)
    }

    @Test func `a page of this server and programs may`() async throws {
        let world = try World()
        let own: Headers = ["Host": "127.0.0.1:8080", "Origin": "http://127.0.0.1:8080"]
        #expect(try await world(.put, "/v1/projects/p", headers: own, Self.body).status == 201)
        #expect(try await world(.put, "/v1/projects/q", Self.body).status == 201)
    }
}
