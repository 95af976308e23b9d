import Foundation
import HTTP
import JSON
import TestSupport
import Testing
import Volumes

/// Volumes that are a part of their file.
@Suite struct FilePartTests {
    static let place = "/v1/projects/p/volumes/v"

    func furnished() async throws -> APIFixture {
        let fixture = try APIFixture()
        #expect(try await fixture(.put, "/v1/projects/p", #"{"classes":[{"name":"a"},{"name":"b"}]}"#).status == 201)
        return fixture
    }

    func sample(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: TestFiles.fuzz.appending(path: "Corpus/hdf5").appending(path: name)))
    }

    @Test func `that the first of several time points was taken is said by the upload, the dry run and the volume`()
        async throws
    {
        let fixture = try await furnished()
        let file = try sample("bigdataviewer.h5")
        let trial = try await fixture(.put, "\(Self.place)?dry-run=true", file)
        let put = try await fixture(.put, Self.place, file)
        #expect(put.status == 201, "\(put.text)")
        for reply in [trial, put, try await fixture(.get, Self.place)] {
            #expect(reply.json["dataset"].string == "/t00000")
            let warning = try #require(reply.json["warnings"][0].string)
            #expect(warning.contains("2 time points") && warning.contains("dataset=/t00001"))
        }
        let listed = try await fixture(.get, "/v1/projects/p/volumes")
        #expect(listed.json[0]["warnings"].count == 1)
    }

    @Test func `another part of the same file is other content`() async throws {
        let fixture = try await furnished()
        let file = try sample("bigdataviewer.h5")
        #expect(try await fixture(.put, Self.place, file).status == 201)
        #expect(try await fixture(.put, Self.place, file).status == 200)
        let next = try await fixture(.put, "\(Self.place)?dataset=/t00001", file)
        #expect(next.status == 409 && next.detail.contains("dataset"), "\(next.text)")
        let replaced = try await fixture(.put, "\(Self.place)?dataset=/t00001&replace=true", file)
        #expect(replaced.status == 200 && replaced.json["dataset"].string == "/t00001")
        #expect(replaced.json["warnings"].count == 0)
    }

    @Test func `a cube with its axes in another order is other content`() async throws {
        let fixture = try await furnished()
        let cube = VolumeHeader(extent: Extent(z: 2, y: 2, x: 2), element: .uint8)
        let file = try fixture.file(InMemoryVolume(header: cube, bytes: [0, 1, 2, 3, 4, 5, 6, 7]), as: .npy)
        #expect(try await fixture(.put, Self.place, file).status == 201)
        let other = try await fixture(.put, "\(Self.place)?axes=xyz", file)
        #expect(other.status == 409 && other.detail.contains("order of axes"), "\(other.text)")
        let replaced = try await fixture(.put, "\(Self.place)?axes=xyz&replace=true", file)
        #expect(replaced.status == 200 && replaced.json["axes"].string == "xyz", "\(replaced.text)")
        #expect(try await fixture(.get, "\(Self.place)/image?format=raw").body == [0, 4, 2, 6, 1, 5, 3, 7])
        #expect(try await fixture(.put, "\(Self.place)?axes=xyz", file).status == 200)
    }

    @Test(arguments: ["truth", "annotations"])
    func `labels of several time points are refused until one is named`(kind: String) async throws {
        let fixture = try await furnished()
        let file = try sample("bigdataviewer.h5")
        #expect(try await fixture(.put, Self.place, file).status == 201)
        let refused = try await fixture(.put, "\(Self.place)/\(kind)", file)
        #expect(refused.status == 422 && refused.detail.contains("dataset=/t00000"), "\(refused.text)")
    }
}
