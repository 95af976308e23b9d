import HTTP
import JSON
import Store
import TestSupport
import Testing

@Suite struct IdentityTests {
    @Test func `without tokens everybody is an admin of all projects`() async throws {
        let fixture = try APIFixture()
        let reply = try await fixture(.get, "/v1/me")
        #expect(reply.text == #"{"token":null,"role":"admin","projects":null}"# + "\n")
    }

    @Test func `a token is told its name, its role and its projects, and nobody else's`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let anna = try await fixture.token("anna", .annotator, projects: ["p"])
        let boss = try await fixture.token("boss", .trainer)
        let first = try await fixture(.get, "/v1/me", headers: anna)
        #expect(first.text == #"{"token":"anna","role":"annotator","projects":["p"]}"# + "\n")
        let second = try await fixture(.get, "/v1/me", headers: boss)
        #expect(second.text == #"{"token":"boss","role":"trainer","projects":null}"# + "\n")
        #expect(try await fixture(.get, "/v1/me").status == 401)
        #expect(try await fixture(.get, "/v1/me", headers: ["Authorization": "Bearer slicewise_none"]).status == 401)
    }
}
