import API
import HTTP
import JSON
import Store
import TestSupport
import Testing

@Suite struct OriginGuardTests {
    private static let body = Array(#"{"classes":[{"name":"a"}]}"#.utf8)

    @Test(arguments: [
        ["Origin": "https://elsewhere.example"], ["Origin": "null"], ["Sec-Fetch-Site": "cross-site"],
    ])
    func `a page of another site changes nothing`(headers: [String: String]) async throws {
        let fixture = try APIFixture()
        var fields: Headers = ["Host": "127.0.0.1:8080"]
        for (name, value) in headers { fields.add(name, value) }
        let reply = try await fixture(.put, "/v1/projects/p", headers: fields, Self.body)
        #expect(reply.status == 403)
        #expect(try await fixture(.get, "/v1/projects", headers: fields).json.count == 0)
    }

    @Test(arguments: ["rebound.example", "rebound.example:8080", "192.0.2.1:8080", "127.0.0.1.example", ""])
    func `a name that a page has made to lead here is not answered`(host: String) async throws {
        let fixture = try APIFixture()
        let fields: Headers = ["Host": host, "Origin": "http://\(host)"]
        #expect(try await fixture(.get, "/v1/projects", headers: fields).status == 403)
        #expect(try await fixture(.put, "/v1/projects/p", headers: fields, Self.body).status == 403)
        #expect(try await fixture(.get, "/start", headers: fields).status == 403)
        #expect(try await fixture(.get, "/v1/projects", headers: ["Host": "localhost:8080"]).json.count == 0)
        // Where it takes a token the name does not matter: no browser adds one by itself.
        var known = try await fixture.token("anna", .viewer)
        known["Host"] = host
        #expect(try await fixture(.get, "/v1/projects", headers: known).status == 200)
    }

    @Test func `a page of a site on the list may`() async throws {
        var settings = APISettings()
        settings.allowedOrigins = ["https://viewer.example.org"]
        let fixture = try APIFixture(settings: settings)
        var fields: Headers = ["Host": "localhost:8080", "Origin": "https://viewer.example.org"]
        fields["Sec-Fetch-Site"] = "cross-site"
        let reply = try await fixture(.put, "/v1/projects/p", headers: fields, Self.body)
        #expect(reply.status == 201 && reply.headers["Access-Control-Allow-Origin"] == "https://viewer.example.org")
        fields["Origin"] = "https://elsewhere.example"
        #expect(try await fixture(.put, "/v1/projects/q", headers: fields, Self.body).status == 403)
    }

    @Test func `the page can be driven by no other and loads nothing from elsewhere`() async throws {
        let fixture = try APIFixture()
        let page = try await fixture(.get, "/start")
        let policy = try #require(page.headers["Content-Security-Policy"])
        #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
        #expect(policy.contains("form-action 'none'") && !policy.contains("unsafe"))
        #expect(page.headers["X-Frame-Options"] == "DENY" && page.headers["Referrer-Policy"] == "no-referrer")
        #expect(!page.text.contains("<script") && !page.text.contains("<form"))
    }

    @Test func `a description can't become part of the page`() async throws {
        let fixture = try APIFixture()
        let body = #"{"classes":[{"name":"a"}],"description":"<script>alert('x')</script>\"onload=\"y"}"#
        #expect(try await fixture(.put, "/v1/projects/p", body).status == 201)
        #expect(!(try await fixture(.get, "/start").text.contains("<script")))
    }

    @Test func `a page of this server and programs may`() async throws {
        let fixture = try APIFixture()
        let own: Headers = ["Host": "127.0.0.1:8080", "Origin": "http://127.0.0.1:8080"]
        #expect(try await fixture(.put, "/v1/projects/p", headers: own, Self.body).status == 201)
        #expect(try await fixture(.put, "/v1/projects/q", Self.body).status == 201)
    }
}
