import Foundation
import HTTP
import JSON
import TestSupport
import Testing
import Volumes

/// Label volumes that go out, are edited and come back.
@Suite struct LabelVolumeTests {
    private static let place = "/v1/projects/p/volumes/v"
    private static let annotations = "\(place)/annotations"

    /// Annotated on z 1, its first row not, and on x 5.
    private func furnished() async throws -> APIFixture {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let slice = (0..<48).map { (pixel: Int) -> UInt8 in pixel < 8 ? 255 : UInt8(pixel % 3) }
        #expect(try await fixture(.post, "\(Self.annotations)?axis=z&index=1&author=ana", slice).status == 201)
        let crossing = (0..<24).map { (pixel: Int) -> UInt8 in
            guard pixel / 6 == 1 else { return 2 }
            return UInt8((pixel % 6 * 8 + 5) % 3)
        }
        #expect(try await fixture(.post, "\(Self.annotations)?axis=x&index=5", crossing).status == 201)
        return fixture
    }

    private func labels(_ fixture: APIFixture) async throws -> [UInt8] {
        try await fixture(.get, "\(Self.place)/labels?format=raw").body
    }

    private func file(_ fixture: APIFixture, _ values: [UInt8]) throws -> [UInt8] {
        try fixture.file(InMemoryVolume(header: Samples.labels().header, bytes: values))
    }

    private func history(_ fixture: APIFixture, _ slice: String) async throws -> Int {
        try await fixture(.get, "\(Self.annotations)/\(slice)/history").json.count
    }

    @Test func `labels that come back as they went change nothing`() async throws {
        let fixture = try await furnished()
        for format in ["nii.gz", "npy", "nrrd"] {
            let file = try await fixture(.get, "\(Self.place)/labels?format=\(format)")
            let put = try await fixture(.put, Self.annotations, file.body)
            #expect(put.status == 200)
            #expect(put.json["slices"].count == 0 && put.json["change"] == .null)
        }
        #expect(try await fixture(.get, Self.annotations).json.count == 2)
        #expect(try await history(fixture, "z/1") == 1)
    }

    @Test func `only what differs becomes revisions, and what was erased is gone`() async throws {
        let fixture = try await furnished()
        var values = try await labels(fixture)
        values[48 + 20] = 255
        values[48 + 24] = 1
        // In no annotated slice.
        values[3 * 48 + 7] = 0
        let trial = try await fixture(.put, "\(Self.annotations)?dry-run=true", file(fixture, values))
        #expect(trial.status == 200 && trial.json["slices"].count == 2 && trial.json["slices"][0]["revision"] == .null)
        #expect(try await labels(fixture) != values)
        let put = try await fixture(.put, "\(Self.annotations)?author=bo", file(fixture, values))
        #expect(put.status == 201)
        #expect(put.json["slices"].count == 2)
        #expect(put.json["erased"].number == 1)
        #expect(put.json["labelled"].number == 1)
        #expect(put.json["relabelled"].number == 1)
        #expect(put.json["unlabeled"].number == Double(values.count { $0 == 255 }))
        #expect(try await labels(fixture) == values)
        #expect(try await history(fixture, "x/5") == 1)
        #expect(try await fixture(.get, Self.annotations).json.count == 3)
    }

    @Test func `one restore takes a whole upload back, and another one the restore`() async throws {
        let fixture = try await furnished()
        let before = try await labels(fixture)
        let dense = try Samples.labels()
        let put = try await fixture(.put, Self.annotations, fixture.file(dense))
        #expect(put.json["slices"].count > 2)
        #expect(try await labels(fixture) == dense.bytes)
        let change = Int(try #require(put.json["change"].number))
        let restored = try await fixture(.post, "\(Self.annotations)/restore?change=\(change)&author=bo")
        #expect(restored.status == 201)
        #expect(restored.json["slices"].count == put.json["slices"].count)
        #expect(try await labels(fixture) == before)
        #expect(try await fixture(.get, Self.annotations).json.count == 2)
        let again = Int(try #require(restored.json["change"].number))
        #expect(try await fixture(.post, "\(Self.annotations)/restore?change=\(again)").status == 201)
        #expect(try await labels(fixture) == dense.bytes)
        #expect(try await fixture(.post, "\(Self.annotations)/restore?change=999").status == 404)
        #expect(try await fixture(.post, "\(Self.annotations)/restore").json["field"].string == "change")
    }

    @Test func `taken back, the slice that counted where two differ counts again`() async throws {
        let fixture = try await furnished()
        // Newer than the one on z 1, and other where they cross.
        let crossing = [UInt8](repeating: 2, count: 32)
        #expect(try await fixture(.post, "\(Self.annotations)?axis=y&index=3", crossing).json["conflicts"].number != 0)
        let before = try await labels(fixture)
        var values = before
        values[48 + 8] = values[48 + 8] == 1 ? 2 : 1
        let put = try await fixture(.put, Self.annotations, file(fixture, values))
        #expect(put.json["slices"].count == 1)
        let change = Int(try #require(put.json["change"].number))
        let restored = try await fixture(.post, "\(Self.annotations)/restore?change=\(change)")
        #expect(restored.status == 201)
        #expect(try await labels(fixture) == before)
        let again = Int(try #require(restored.json["change"].number))
        #expect(try await fixture(.post, "\(Self.annotations)/restore?change=\(again)").status == 201)
        #expect(try await labels(fixture) == values)
    }

    @Test func `slices that are brought back together and differ where they cross tell so`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        for (axis, count, label) in [("z", 48, UInt8(0)), ("y", 32, 1), ("x", 24, 2)] {
            let slice = [UInt8](repeating: label, count: count)
            #expect(try await fixture(.post, "\(Self.annotations)?axis=\(axis)&index=2", slice).status == 201)
        }
        let before = try await labels(fixture)
        let change = Int(try #require(try await fixture(.delete, Self.annotations).json["change"].number))
        let restored = try await fixture(.post, "\(Self.annotations)/restore?change=\(change)")
        // A row of 8, a column of 6 and one of 4, whose crossing counts once.
        #expect((0..<3).map { restored.json["slices"][$0]["conflicts"].number } == [0, 8, 9])
        #expect(restored.json["conflicts"].number == 17)
        #expect(try await labels(fixture) == before)
        let again = try await fixture(.post, "\(Self.annotations)?axis=z&index=3", [UInt8](repeating: 0, count: 48))
        #expect(again.json["conflicts"].number == 13)
    }

    @Test func `all is cleared at once and brought back at once, unless a slice has moved on`() async throws {
        let fixture = try await furnished()
        let before = try await labels(fixture)
        let trial = try await fixture(.delete, "\(Self.annotations)?dry-run=true")
        #expect(trial.json["slices"].count == 2)
        #expect(try await labels(fixture) == before)
        let cleared = try await fixture(.delete, "\(Self.annotations)?author=bo")
        #expect(cleared.status == 200)
        #expect(cleared.json["slices"].count == 2 && cleared.json["slices"][1]["cleared"] == .bool(true))
        #expect(try await fixture(.get, Self.annotations).json.count == 0)
        #expect(try await fixture(.delete, Self.annotations).json["slices"].count == 0)
        let change = Int(try #require(cleared.json["change"].number))
        #expect(try await fixture(.post, "\(Self.annotations)/restore?change=\(change + 1)").status == 201)
        #expect(try await labels(fixture) == before)
        let late = try await fixture(.post, "\(Self.annotations)/restore?change=\(change)")
        #expect(late.status == 409)
        #expect(late.detail.contains("slice 1 on axis z has moved on to revision"))
    }

    @Test func `a volume without a label is refused unless values= says so`() async throws {
        let fixture = try await furnished()
        let empty = try fixture.file(Samples.labels { _, _, _ in 255 })
        let refused = try await fixture(.put, Self.annotations, empty)
        #expect(refused.status == 422 && refused.detail.contains("DELETE"))
        #expect(try await fixture(.put, "\(Self.annotations)?values=255:unlabeled", empty).status == 201)
        #expect(try await fixture(.get, Self.annotations).json.count == 0)
        // Nor where nothing is annotated: a mask of the second class everywhere is not taken for nothing.
        let again = try await fixture(.put, Self.annotations, empty)
        #expect(again.status == 422 && again.detail.contains("values=255:"), "\(again.text)")
        #expect(try await fixture(.put, "\(Self.annotations)?values=255:unlabeled", empty).status == 200)
    }

    @Test func `what a slice is for outlives uploads, clearing and taking back`() async throws {
        let fixture = try await furnished()
        func tested() async throws -> [String] {
            let list = try await fixture(.get, Self.annotations).json
            return (0..<list.count).filter { list[$0]["role"].string == "test" }.map {
                "\(list[$0]["axis"].string ?? "") \(Int(list[$0]["index"].number ?? -1))"
            }
        }
        #expect(try await fixture(.put, "\(Self.annotations)/z/1/role?role=test").status == 200)
        #expect(try await fixture(.put, Self.annotations, fixture.file(Samples.labels())).status == 201)
        #expect(try await fixture(.get, Self.annotations).json.count > 2)
        #expect(try await tested() == ["z 1"])
        let cleared = try await fixture(.delete, Self.annotations)
        let change = Int(try #require(cleared.json["change"].number))
        #expect(try await fixture(.post, "\(Self.annotations)/restore?change=\(change)").status == 201)
        #expect(try await tested() == ["z 1"])
    }
}
