import API
import HTTP
import JSON
import TestSupport
import Testing
import Training
import Volumes

@Suite struct AnnotationTests {
    private static let place = "/v1/projects/p/volumes/v"
    private static let annotations = "\(place)/annotations"
    /// On axis z, 6 rows of 8 columns: out, in and edge, a row unlabeled.
    private static let slice: [UInt8] = (0..<48).map { $0 < 8 ? 255 : UInt8($0 % 3) }

    private func furnished() async throws -> APIFixture {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        return fixture
    }

    @Test func `PNG, NPY and raw bytes mean the same, whatever the type says`() async throws {
        let fixture = try await furnished()
        let bodies = [
            Self.slice, NPY.encode(rows: 6, columns: 8, values: Self.slice),
            try PNG.encodeGray(Self.slice, rows: 6, columns: 8),
            try PNG.encodePalette(Self.slice, rows: 6, columns: 8, palette: Color.palette(3)),
        ]
        for (index, body) in bodies.enumerated() {
            for type in ["application/octet-stream", "application/x-www-form-urlencoded"] {
                let reply = try await fixture(
                    .post, "\(Self.annotations)?axis=z&index=\(index)&author=ana", headers: ["Content-Type": type],
                    body)
                #expect(reply.status == 201)
                #expect(reply.headers["Location"] == "\(Self.annotations)/z/\(index)")
                #expect(reply.json["voxels"]["unlabeled"].number == 8)
                #expect(reply.json["voxels"]["in"].number == 13)
                #expect(reply.json["conflicts"].number == 0)
            }
            let back = try await fixture(.get, "\(Self.annotations)/z/\(index)?format=raw")
            #expect(back.body == Self.slice)
        }
        let list = try await fixture(.get, Self.annotations)
        #expect(list.json.count == 4)
        #expect(list.json[0]["author"].string == "ana")
        let png = try await fixture(.get, "\(Self.annotations)/z/0")
        #expect(try LabelPicture(png: png.body).values == Self.slice)
        let npy = try await fixture(.get, "\(Self.annotations)/z/0?format=npy")
        #expect(try LabelPicture(npy: npy.body).values == Self.slice)
    }

    @Test func `a body of another size is refused with both sizes`() async throws {
        let fixture = try await furnished()
        let raw = try await fixture(.post, "\(Self.annotations)?axis=z&index=1", [UInt8](repeating: 0, count: 60_000))
        #expect(raw.status == 422)
        #expect(raw.detail == "the slice on axis z of this volume is 6×8; the body has 60,000 bytes")
        let png = try await fixture(
            .post, "\(Self.annotations)?axis=x&index=1", PNG.encodeGray([0, 0], rows: 1, columns: 2))
        #expect(png.status == 422)
        #expect(png.detail.contains("4×6"))
        #expect(png.detail.contains("1×2"))
        #expect(try await fixture(.post, "\(Self.annotations)?axis=z&index=1", "").status == 400)
    }

    @Test func `a value that is not a class is refused with its pixel`() async throws {
        let fixture = try await furnished()
        var values = Self.slice
        values[2 * 8 + 5] = 7
        let reply = try await fixture(.post, "\(Self.annotations)?axis=z&index=1", values)
        #expect(reply.status == 422)
        #expect(reply.detail.hasPrefix("the value 7 at row 2, column 5 is not a class"))
        #expect(reply.detail.contains("1 (in)"))
        #expect(try await fixture(.get, Self.annotations).json.count == 0)
    }

    @Test func `values maps what a file holds to classes`() async throws {
        let fixture = try await furnished()
        let values = (0..<48).map { UInt8($0 % 2 == 0 ? 0 : 200) }
        let query = "axis=z&index=1&values=0:unlabeled,%20200:edge"
        let reply = try await fixture(.post, "\(Self.annotations)?\(query)", values)
        #expect(reply.status == 201)
        #expect(reply.json["voxels"]["edge"].number == 24)
        #expect(reply.json["voxels"]["unlabeled"].number == 24)
        let unknown = try await fixture(.post, "\(Self.annotations)?axis=z&index=1&values=0:nothing", values)
        #expect(unknown.json["field"].string == "values")
        #expect(unknown.detail.contains("nothing"))
        let partly = try await fixture(.post, "\(Self.annotations)?axis=z&index=1&values=0:out", values)
        #expect(partly.detail.contains("200 at row 0, column 1"))
    }

    @Test func `a region replaces a part of a slice only`() async throws {
        let fixture = try await furnished()
        let path = "\(Self.annotations)?axis=z&index=2"
        #expect(try await fixture(.post, path, [UInt8](repeating: 0, count: 48)).status == 201)
        let part = try await fixture(.post, "\(path)&region=1,2,2,3", [UInt8](repeating: 1, count: 6))
        #expect(part.status == 201)
        #expect(part.json["voxels"]["in"].number == 6)
        #expect(part.json["voxels"]["out"].number == 42)
        let wrong = try await fixture(.post, "\(path)&region=1,2,2,3", [1])
        #expect(wrong.detail == "the region is 2×3; the body has 1 bytes")
        #expect(try await fixture(.post, "\(path)&region=5,0,2,3", [1]).json["field"].string == "region")
    }

    @Test func `a slice that has moved on is a conflict`() async throws {
        let fixture = try await furnished()
        let path = "\(Self.annotations)?axis=z&index=2"
        let first = try await fixture(.post, "\(path)&if-revision=0", Self.slice)
        let revision = Int(try #require(first.json["revision"].number))
        #expect(try await fixture(.post, "\(path)&if-revision=\(revision)", Self.slice).status == 201)
        let late = try await fixture(.post, "\(path)&if-revision=\(revision)", Self.slice)
        #expect(late.status == 409)
        #expect(late.detail.contains("\(revision)"))
    }

    @Test func `the newer slice wins where two cross, and conflicts are counted`() async throws {
        let fixture = try await furnished()
        #expect(
            try await fixture(.post, "\(Self.annotations)?axis=z&index=2", [UInt8](repeating: 0, count: 48)).status
                == 201
        )
        let crossing = try await fixture(.post, "\(Self.annotations)?axis=x&index=3", [UInt8](repeating: 1, count: 24))
        #expect(crossing.json["conflicts"].number == 6)
        let labels = try await fixture(.get, "\(Self.place)/labels?format=npy")
        let merged = try InMemoryVolume(copyOf: fixture.volume(labels.body))
        #expect(try merged.labels(slice: SlicePosition(.x, 3)) == [UInt8](repeating: 1, count: 24))
        #expect(try merged.labels(slice: SlicePosition(.x, 2)).filter { $0 == 255 }.count == 18)
    }

    @Test func `every revision is kept, cleared and brought back`() async throws {
        let fixture = try await furnished()
        let slice = "\(Self.annotations)/y/3"
        #expect(try await fixture(.get, slice).status == 404)
        let first = try await fixture(.post, "\(Self.annotations)?axis=y&index=3", [UInt8](repeating: 1, count: 32))
        let revision = Int(try #require(first.json["revision"].number))
        let cleared = try await fixture(.delete, slice)
        #expect(cleared.status == 200)
        #expect(cleared.json["cleared"] == .bool(true))
        #expect(try await fixture(.get, slice).status == 404)
        #expect(try await fixture(.get, Self.annotations).json.count == 0)
        let restored = try await fixture(.post, "\(slice)/restore?revision=\(revision)&author=bo")
        #expect(restored.status == 201)
        #expect(restored.json["voxels"]["in"].number == 32)
        let history = try await fixture(.get, "\(slice)/history")
        #expect(history.json.count == 3)
        #expect(history.json[1]["cleared"] == .bool(true))
        #expect(history.json[2]["author"].string == "bo")
        #expect(try await fixture(.post, "\(slice)/restore?revision=999").status == 404)
        #expect(try await fixture(.post, "\(slice)/restore").json["field"].string == "revision")
    }

    @Test func `a slice is for learning or for a test, which it stays`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let place = "/v1/projects/p/volumes/v/annotations"
        let slice = [UInt8](repeating: 1, count: 48)
        let posted = try await fixture(.post, "\(place)?axis=z&index=1&role=test", slice)
        #expect(posted.status == 201 && posted.json["role"].string == "test")
        #expect(try await fixture(.post, "\(place)?axis=z&index=1", slice).json["role"].string == "test")
        #expect(try await fixture(.get, place).json[0]["role"].string == "test")
        let changed = try await fixture(.put, "\(place)/z/1/role?role=train", "")
        #expect(changed.status == 200 && changed.json["role"].string == "train")
        #expect(changed.json["revision"].number == 3 && changed.json["voxels"]["in"].number == 48)
        #expect(try await fixture(.put, "\(place)/z/1/role?role=train", "").json["revision"].number == 3)
        #expect(try await fixture(.put, "\(place)/z/1/role?role=exam", "").json["field"].string == "role")
        #expect(try await fixture(.put, "\(place)/z/1/role", "").json["field"].string == "role")
        #expect(try await fixture(.put, "\(place)/z/0/role?role=test", "").status == 404)
        #expect(try await fixture(.put, "\(place)/z/1/role?role=test&if-revision=2", "").status == 409)
    }

    @Test func `a whole sparse label volume is taken as slices and comes back`() async throws {
        let fixture = try await furnished()
        let sparse = try Samples.labels { z, y, x in z == 1 || x == 5 ? UInt8((y + x) % 3) : 255 }
        let put = try await fixture(.put, "\(Self.annotations)?author=script", fixture.file(sparse, as: .niftiGzip))
        #expect(put.status == 201)
        #expect(put.json["slices"].count == 2)
        #expect(put.json["conflicts"].number == 0)
        let labels = try await fixture(.get, "\(Self.place)/labels?format=raw")
        #expect(labels.body == sparse.bytes)
        let empty = try await fixture(.put, Self.annotations, fixture.file(Samples.labels { _, _, _ in 255 }))
        #expect(empty.status == 422)
    }

    @Test func `a label volume with a value that is not a class leaves nothing behind`() async throws {
        let fixture = try await furnished()
        let labels = try Samples.labels { z, _, x in z == 3 && x == 7 ? 77 : UInt8(min(x / 3, 2)) }
        let put = try await fixture(.put, Self.annotations, fixture.file(labels))
        #expect(put.status == 422 && put.detail.contains("77"))
        #expect(try await fixture(.get, Self.annotations).json.count == 0)
    }

    @Test func `an author's characters are counted as they are stored, each accent for itself`() async throws {
        let fixture = try await furnished()
        func post(_ accents: Int) async throws -> Reply {
            let author = "e" + String(repeating: "%CC%81", count: accents)
            return try await fixture(.post, "\(Self.annotations)?axis=z&index=1&author=\(author)", Self.slice)
        }
        let refused = try await post(200)
        #expect(refused.status == 422)
        #expect(refused.json["field"].string == "author")
        #expect(refused.detail.contains("201 characters"))
        #expect(try await post(199).status == 201)
    }

    @Test func `a slice that is not there is refused`() async throws {
        let fixture = try await furnished()
        func field(_ query: String) async throws -> String? {
            let reply = try await fixture(.post, "\(Self.annotations)?\(query)", Self.slice)
            #expect(reply.status == 422)
            return reply.json["field"].string
        }
        #expect(try await field("axis=z&index=4") == "index")
        #expect(try await field("axis=z") == "index")
        #expect(try await field("axis=q&index=1") == "axis")
        #expect(try await field("index=1") == "axis")
        let photo = try await fixture(
            .post, "\(Self.annotations)?axis=z&index=1", headers: ["Content-Type": "image/jpeg"], Self.slice)
        #expect(photo.status == 415)
    }
}
