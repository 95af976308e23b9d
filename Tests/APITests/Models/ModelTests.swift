import HTTP
import JSON
import TestSupport
import Testing
import Training

@Suite struct ModelTests {
    private static let place = "/v1/projects/p/models/outside"

    @Test func `weights trained elsewhere go in and come back`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let weights = try Nets.file()
        let made = try await fixture(.put, Self.place, weights)
        #expect(made.status == 201)
        #expect(made.headers["Location"] == Self.place)
        #expect(made.json["name"].string == "outside")
        #expect(made.json["architecture"]["base"].number == 4)
        #expect(made.json["recipe"]["levels"].number == 2)
        #expect(made.json["parent"] == .null)
        #expect(try await fixture(.put, Self.place, weights).status == 200)
        let back = try await fixture(.get, "\(Self.place)/weights")
        #expect(back.body == weights)
        #expect(back.headers["ETag"] != nil)
        #expect(try await fixture(.get, "/v1/projects/p/models").json.count == 1)
        #expect(try await fixture(.delete, Self.place).status == 204)
        #expect(try await fixture(.get, Self.place).status == 404)
        #expect(try await fixture(.get, "\(Self.place)/weights").status == 404)
    }

    @Test func `weights that don't fit are refused`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let wrong = try await fixture(.put, Self.place, Nets.file(classes: 2))
        #expect(wrong.status == 422)
        #expect(wrong.detail.contains("the network has 2 classes; the project has 3"))
        #expect(try await fixture(.put, Self.place, "no safetensors").status == 422)
        #expect(try await fixture(.put, "/v1/projects/p/models/latest", Nets.file()).status == 422)
        #expect(try await fixture(.put, Self.place, Nets.file()).status == 201)
        #expect(try await fixture(.put, Self.place, Nets.file(channels: 1)).status == 409)
    }

    @Test(arguments: [Float.nan, Float.infinity, -Float.infinity])
    func `weights that are no finite numbers are refused by their tensor's name`(weight: Float) async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let refused = try await fixture(.put, Self.place, Nets.file(first: weight))
        #expect(refused.status == 422)
        #expect(refused.detail.contains("\"encoder.0.conv0.weight\""))
        #expect(try await fixture(.get, Self.place).status == 404)
    }
}
