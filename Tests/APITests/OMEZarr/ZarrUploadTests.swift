import API
import Foundation
import HTTP
import JSON
import TestSupport
import Testing
import Volumes

/// Zipped OME-Zarr as images and labels.
@Suite struct ZarrUploadTests {
    static let place = "/v1/projects/p/volumes/v"
    private let fixture: APIFixture

    init() throws { fixture = try APIFixture() }

    /// All that is served below the OME-Zarr of the volume, zipped.
    private func zipped(_ root: String) async throws -> [UInt8] {
        let isNew = root.hasSuffix("3")
        let main = try await fixture(.get, "\(root)/\(isNew ? "zarr.json" : ".zmetadata")")
        let listing = isNew ? main.json["consolidated_metadata"]["metadata"] : main.json["metadata"]
        var files = [(isNew ? "zarr.json" : ".zmetadata", main.body)]
        for name in listing.names {
            let key = isNew ? "\(name)/zarr.json" : name
            files.append((key, try await fixture(.get, "\(root)/\(key)").body))
            guard listing[name]["shape"].count > 0 else { continue }
            let array = isNew ? name : String(name.dropLast("/.zarray".count))
            let chunk = isNew ? listing[name]["chunk_grid"]["configuration"]["chunk_shape"] : listing[name]["chunks"]
            var places = [[Int]()]
            for axis in 0..<chunk.count {
                let size = Int(listing[name]["shape"][axis].number ?? 0)
                let count = (size - 1) / Int(chunk[axis].number ?? 1) + 1
                places = places.flatMap { place in (0..<count).map { place + [$0] } }
            }
            for place in places {
                let key = array + (isNew ? "/c/" : "/") + place.map(String.init).joined(separator: "/")
                let chunk = try await fixture(.get, "\(root)/\(key)")
                if chunk.status == 200 { files.append((key, chunk.body)) } else { #expect(chunk.status == 404) }
            }
        }
        return ZipSample(files.map { ("v.zarr/" + $0.0, $0.1) }).bytes
    }

    @Test(arguments: ["\(place)/ome.zarr", "\(place)/ome.zarr3"])
    func `what the server sent comes back as it was: the image, its labels and its truth`(_ root: String) async throws {
        let image = try Samples.image(extent: Extent(z: 4, y: 70, x: 66))
        try await fixture.furnish(image)
        let header = VolumeHeader(extent: image.header.extent, element: .uint8, spacing: image.header.spacing)
        let labels = try InMemoryVolume(
            header: header,
            bytes: (0..<header.byteCount).map { place -> UInt8 in place < 9000 ? [0, 1, 2, 255][place % 4] : 255 })
        #expect(try await fixture(.put, "\(Self.place)/annotations", fixture.file(labels)).status == 201)
        #expect(try await fixture(.put, "\(Self.place)/truth", fixture.file(labels)).status == 201)
        let zip = try await zipped(root)

        let other = "/v1/projects/p/volumes/w"
        let put = try await fixture(.put, other, zip)
        #expect(put.status == 201, "\(put.text)")
        #expect(put.json["spacing"]["unit"].string == "micrometer" && put.json["spacing"]["z"].number == 2)
        #expect(try await fixture(.get, "\(other)/image?format=raw").body == image.bytes)
        let trial = try await fixture(.put, "\(other)?dry-run=true", zip)
        #expect(trial.json["format"].string == "ome.zarr" && trial.json["change"].string == "same")

        let several = try await fixture(.put, "\(other)/truth", zip)
        #expect(several.status == 422 && several.detail.contains("dataset=labels/annotation"), "\(several.text)")
        for (kind, name) in [("truth", "truth"), ("annotations", "annotation")] {
            let sent = try await fixture(.put, "\(other)/\(kind)?dataset=labels/\(name)", zip)
            #expect(sent.status == 201, "\(sent.text)")
        }
        #expect(try await fixture(.get, "\(other)/labels?format=raw").body == labels.bytes)
        #expect(try await fixture(.get, "\(other)/truth?format=raw").body == labels.bytes)
    }

    @Test func `what is not what a sender asks for is refused`() async throws {
        try await fixture.furnish(Samples.image())
        let zip = try await zipped("\(Self.place)/ome.zarr")
        let level = try await fixture(.put, "/v1/projects/p/volumes/w?level=9", zip)
        #expect(level.status == 422 && level.detail.contains("the levels 0 to 0"), "\(level.text)")
        let negative = try await fixture(.put, "/v1/projects/p/volumes/w?time=-1", zip)
        #expect(negative.status == 422 || negative.status == 400, "\(negative.text)")
        let empty = try await fixture(.put, "/v1/projects/p/volumes/w", ZipSample([("readme.txt", [1])]).bytes)
        #expect(empty.status == 415 && empty.detail.contains("readme.txt"), "\(empty.text)")
    }
}
