import API
import Foundation
import HTTP
import JSON
import Store
import TestSupport
import Testing
import Training
import Volumes

@Suite struct VolumeTests {
    private static let place = "/v1/projects/p/volumes/v"

    @Test func `an uploaded volume is described as the contract says`() async throws {
        let fixture = try APIFixture()
        let made = try await fixture.furnish(Samples.image())
        #expect(made.headers["Location"] == Self.place)
        #expect(made.json["shape"].names == ["c", "x", "y", "z"])
        #expect(made.json["shape"]["c"].number == 2)
        #expect(made.json["shape"]["z"].number == 4)
        #expect(made.json["dtype"].string == "uint16")
        #expect(made.json["spacing"]["z"].number == 2)
        #expect(made.json["spacing"]["unit"].string == "micrometer")
        #expect(made.json["sha256"].string?.count == 64)
        #expect(try await fixture(.get, Self.place).json == made.json)
        #expect(try await fixture(.get, "/v1/projects/p/volumes").json[0] == made.json)
    }

    @Test func `voxels that are no numbers, padding and an image without contrast are told at upload`() async throws {
        let fixture = try APIFixture()
        #expect(try await fixture(.put, "/v1/projects/p", #"{"classes":[{"name":"a"}]}"#).status == 201)
        func upload(_ name: String, _ values: [Float]) async throws -> Reply {
            let header = VolumeHeader(extent: Extent(z: 5, y: 10, x: 20), element: .float32)
            let image = try InMemoryVolume(header: header, values: values)
            return try await fixture(.put, "/v1/projects/p/volumes/\(name)", fixture.file(image))
        }
        let ramp = (0..<1000).map { Float($0 % 97) }
        let plain = try await upload("plain", ramp)
        #expect(plain.json["warnings"] == [])
        #expect(plain.json["channels"][0]["non_finite"].number == 0)
        let flawed = try await upload("flawed", ramp.enumerated().map { $0 == 5 ? .nan : $0 < 40 ? -2000 : $1 })
        #expect(flawed.json["channels"][0]["non_finite"].number == 1)
        #expect(flawed.json["channels"][0]["set_aside"].number == 39)
        #expect(flawed.json["warnings"][0].string?.contains("1 voxel of the image is NaN") == true)
        #expect(flawed.json["warnings"][1].string?.contains("39 voxels of the image lie far outside") == true)
        let constant = try await upload("constant", ramp.map { _ in 3 })
        #expect(constant.json["warnings"][0].string?.contains("the same value, 3.0") == true)
        let empty = try await upload("empty", ramp.map { _ in .nan })
        #expect(empty.status == 201)
        #expect(empty.json["warnings"][0].string?.contains("every voxel is NaN or infinite") == true)
    }

    @Test(arguments: [VolumeFormat.nifti, .niftiGzip, .npy, .nrrd, .tiff])
    func `the voxels come back in every format`(format: VolumeFormat) async throws {
        let fixture = try APIFixture()
        let image = try Samples.image()
        try await fixture.furnish(image)
        let reply = try await fixture(.get, "\(Self.place)/image?format=\(format.rawValue)")
        #expect(reply.status == 200)
        let back = try InMemoryVolume(copyOf: fixture.volume(reply.body))
        #expect(back.bytes == image.bytes)
        #expect(back.header.extent == image.header.extent)
        if format != .npy { #expect(back.header.spacing == image.header.spacing) }
    }

    @Test func `the same file again is 200, another one 409 unless it shall replace`() async throws {
        let fixture = try APIFixture()
        let image = try Samples.image()
        try await fixture.furnish(image)
        #expect(try await fixture(.put, Self.place, fixture.file(image)).status == 200)
        let other = try fixture.file(Samples.image(offset: 7))
        let refused = try await fixture(.put, Self.place, other)
        #expect(refused.status == 409)
        #expect(refused.detail.contains("replace=true"))
        let replaced = try await fixture(.put, "\(Self.place)?replace=true", other)
        #expect(replaced.status == 200)
        let back = try await fixture(.get, "\(Self.place)/image?format=raw")
        #expect(try back.body == Samples.image(offset: 7).bytes)
    }

    @Test(arguments: [VolumeFormat.niftiGzip, .npy, .nrrd, .metaImage, .tiff])
    func `a dry run tells what an upload would, and stores nothing`(format: VolumeFormat) async throws {
        let fixture = try APIFixture()
        #expect(try await fixture(.put, "/v1/projects/p", #"{"classes":[{"name":"a"}]}"#).status == 201)
        let file = try fixture.file(Samples.image(), as: format)
        let query = "spacing=3,0.25,0.25&unit=nm"
        let told = try await fixture(.put, "\(Self.place)?dry-run=true&\(query)", file)
        #expect(told.status == 200)
        #expect(told.headers["Location"] == nil)
        #expect(told.json["format"].string == format.rawValue)
        #expect(told.json["change"].string == "created")
        #expect(told.json["created"] == .null && told.json["version"] == .null)
        #expect(try await fixture(.get, Self.place).status == 404)
        #expect(try await fixture(.get, "/v1/projects/p/volumes").json.count == 0)
        let made = try await fixture(.put, "\(Self.place)?\(query)", file)
        #expect(made.status == 201)
        for name in made.json.names where !["created", "levels", "version"].contains(name) {
            #expect(told.json[name] == made.json[name], "\(name)")
        }
        let again = try await fixture(.put, "\(Self.place)?dry-run=true&\(query)", file)
        #expect(again.json["change"].string == "same")
    }

    @Test func `a dry run refuses what the upload would`() async throws {
        let fixture = try APIFixture(settings: APISettings(volumeLimit: 1000))
        #expect(try await fixture(.put, "/v1/projects/p", #"{"classes":[{"name":"a"}]}"#).status == 201)
        #expect(try await fixture(.put, "\(Self.place)?dry-run=true", "neither fish nor fowl").status == 415)
        let large = try fixture.file(Samples.image(extent: Extent(z: 10, y: 10, x: 10)))
        #expect(try await fixture(.put, "\(Self.place)?dry-run=true", large).status == 413)
        let small = try fixture.file(Samples.image())
        let place = "/v1/projects/p/volumes/a%20b?dry-run=true"
        let refused = try await fixture(.put, place, small)
        #expect([404, 422].contains(refused.status))
        let doubtful = try await fixture(.put, "\(Self.place)?dry-run=perhaps", small)
        #expect([400, 422].contains(doubtful.status))
        #expect(doubtful.json["field"].string == "dry-run")
        #expect(try await fixture(.get, "/v1/projects/p/volumes").json.count == 0)
    }

    @Test func `a dry run says what becomes of the volume that has the name`() async throws {
        let fixture = try APIFixture()
        let made = try await fixture.furnish(Samples.image())
        let other = try fixture.file(Samples.image(offset: 7))
        let refused = try await fixture(.put, "\(Self.place)?dry-run=true", other)
        #expect(refused.status == 409)
        #expect(refused.json["field"].string == "replace")
        let told = try await fixture(.put, "\(Self.place)?dry-run=true&replace=true", other)
        #expect(told.json["change"].string == "replaced")
        #expect(try await fixture(.get, Self.place).json == made.json)
        let slice = [UInt8](repeating: 1, count: 32)
        #expect(try await fixture(.post, "\(Self.place)/annotations?axis=y&index=3", slice).status == 201)
        let larger = try fixture.file(Samples.image(extent: Extent(z: 5, y: 6, x: 8)))
        let kept = try await fixture(.put, "\(Self.place)?dry-run=true&replace=true", larger)
        #expect(kept.status == 409)
        #expect(kept.detail.contains("annotations or a truth"))
        #expect(try await fixture(.get, "\(Self.place)/annotations").json.count == 1)
    }

    @Test func `what is no volume is told apart`() async throws {
        let fixture = try APIFixture(settings: APISettings(uploadLimit: 10_000, volumeLimit: 1000))
        #expect(try await fixture(.put, "/v1/projects/p", #"{"classes":[{"name":"a"}]}"#).status == 201)
        #expect(try await fixture(.put, Self.place, "neither fish nor fowl").status == 415)
        #expect(try await fixture(.put, Self.place, "").status == 400)
        let form = try await fixture(
            .put, Self.place, headers: ["Content-Type": "multipart/form-data; boundary=x"], Array("--x".utf8))
        #expect(form.status == 415)
        #expect(form.detail.contains("curl -T"))
        let cut = Array(try fixture.file(Samples.image(extent: Extent(z: 2, y: 2, x: 2))).prefix(360))
        #expect(try await fixture(.put, Self.place, cut).status == 400)
        #expect(try await fixture(.put, Self.place, [UInt8](repeating: 1, count: 10_001)).status == 413)
        let large = try fixture.file(Samples.image(extent: Extent(z: 10, y: 10, x: 10)))
        #expect(try await fixture(.put, Self.place, large).status == 413)
        #expect(try await fixture(.get, "/v1/projects/p/volumes").json.count == 0)
    }

    @Test(arguments: ["/v1/projects/p/volumes/v", "/v1/projects/p"])
    func `files made for downloads go with what they were made of`(gone: String) async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.put, "/v1/projects/q", #"{"classes":[{"name":"a"}]}"#).status == 201)
        let other = "/v1/projects/q/volumes/v"
        #expect(try await fixture(.put, other, fixture.file(Samples.image(offset: 1))).status == 201)
        let exports = fixture.store.folder.appending(path: "exports").path
        func files() throws -> Set<String> { Set(try FileManager.default.contentsOfDirectory(atPath: exports)) }
        #expect(try await fixture(.get, "\(other)/image?format=npy").status == 200)
        let kept = try files()
        for format in ["npy", "nii.gz"] {
            #expect(try await fixture(.get, "\(Self.place)/image?format=\(format)").status == 200)
        }
        #expect(try files().count == 3)
        #expect(try await fixture(.delete, gone).status == 204)
        #expect(try files() == kept)
    }

    @Test func `files made for downloads are made again after a restart, which may be a crash`() async throws {
        let fixture = try APIFixture()
        let image = try Samples.image()
        try await fixture.furnish(image)
        let path = "\(Self.place)/image?format=raw"
        #expect(try await fixture(.get, path).status == 200)
        let exports = fixture.store.folder.appending(path: "exports")
        let files = try FileManager.default.contentsOfDirectory(at: exports, includingPropertiesForKeys: nil)
        #expect(files.count == 1)
        for file in files { try Data().write(to: file) }
        try Data([1]).write(to: exports.appending(path: ".part-1.raw.2.part"))
        var router = Router(logger: .silent)
        API(store: fixture.store, jobs: fixture.jobs, predictions: fixture.predictions).register(on: &router)
        #expect(!FileManager.default.fileExists(atPath: exports.path))
        let response = await router.freeze().respond(to: try Request(.get, path))
        #expect(try await response.body.bytes() == image.bytes)
    }

    @Test func `an export has an entity tag and comes in parts`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let whole = try await fixture(.get, "\(Self.place)/image")
        let tag = try #require(whole.headers["ETag"])
        #expect(whole.headers["Content-Disposition"]?.contains("v.nii.gz") == true)
        let again = try await fixture(.get, "\(Self.place)/image", headers: ["If-None-Match": tag])
        #expect(again.status == 304)
        #expect(again.body.isEmpty)
        let part = try await fixture(.get, "\(Self.place)/image", headers: ["Range": "bytes=2-5", "If-Range": tag])
        #expect(part.status == 206)
        #expect(part.body == Array(whole.body[2...5]))
        let other = try await fixture(.get, "\(Self.place)/image?format=npy")
        #expect(other.headers["ETag"] != tag)
    }

    @Test func `a format nobody writes is refused with those there are`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let reply = try await fixture(.get, "\(Self.place)/image?format=jpeg")
        #expect(reply.status == 422)
        #expect(reply.json["field"].string == "format")
        #expect(reply.detail.contains("nii.gz"))
        #expect(try await fixture(.get, "\(Self.place)/image?fromat=npy").status == 400)
    }

    @Test func `the truth is kept apart and checked against the grid and the classes`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let truth = try Samples.labels()
        #expect(try await fixture(.get, "\(Self.place)/truth").status == 404)
        let set = try await fixture(.put, "\(Self.place)/truth", fixture.file(truth, as: .npy))
        #expect(set.status == 201)
        #expect(set.json["voxels"]["out"].number == 72)
        let back = try await fixture(.get, "\(Self.place)/truth?format=raw")
        #expect(back.body == truth.bytes)
        #expect(try await fixture(.put, "\(Self.place)/truth", fixture.file(truth)).status == 200)
        let strange = try await fixture(
            .put, "\(Self.place)/truth", fixture.file(Samples.labels { z, _, x in z == 2 && x == 5 ? 9 : 0 }))
        #expect(strange.status == 422)
        #expect(strange.detail.contains("9"))
        #expect(strange.detail.contains("z 2, y 0, x 5"))
        let small = try InMemoryVolume(
            header: VolumeHeader(extent: Extent(z: 1, y: 2, x: 3), element: .uint8), bytes: [0, 0, 0, 0, 0, 0])
        let misfit = try await fixture(.put, "\(Self.place)/truth", fixture.file(small))
        #expect(misfit.status == 422)
        #expect(misfit.detail.contains("4×6×8"))
        #expect(try await fixture(.delete, "\(Self.place)/truth").status == 204)
        #expect(try await fixture(.get, Self.place).json["truth"] == .bool(false))
    }

    @Test(arguments: ["truth", "annotations"])
    func `packed labels far larger than the volume are refused before they are unpacked`(kind: String) async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let header = VolumeHeader(extent: Extent(z: 32, y: 256, x: 256), element: .uint8)
        let zeros = try InMemoryVolume(header: header, bytes: [UInt8](repeating: 0, count: header.byteCount))
        let refused = try await fixture(.put, "\(Self.place)/\(kind)", fixture.file(zeros, as: .niftiGzip))
        #expect(refused.status == 413)
        #expect(refused.detail.contains("unpacks to") && refused.detail.contains("the volume v is 4×6×8"))
    }

    @Test(arguments: ["a%0A%0Ab", "%22um%22", "%5C", String(repeating: "u", count: 41)])
    func `a unit that no header could hold is refused`(unit: String) async throws {
        let fixture = try APIFixture()
        #expect(try await fixture(.put, "/v1/projects/p", #"{"classes":[{"name":"a"}]}"#).status == 201)
        let image = try fixture.file(Samples.image(), as: .npy)
        let refused = try await fixture(.put, "\(Self.place)?unit=\(unit)", image)
        #expect(refused.status == 422)
        #expect(refused.json["field"].string == "unit")
        let taken = try await fixture(.put, "\(Self.place)?unit=%C2%B5m", image)
        #expect(taken.json["spacing"]["unit"].string == "micrometer")
    }

    @Test func `a spacing that the sender gives wins, and the answer shows both`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let place = "/v1/projects/p/volumes/w"
        let file = try fixture.file(Samples.image(), as: .tiff)
        let made = try await fixture(.put, "\(place)?spacing=3,0.25,0.25", file)
        #expect(made.status == 201)
        #expect(made.json["spacing"]["z"].number == 3)
        #expect(made.json["spacing"]["unit"].string == "micrometer")
        #expect(made.json["spacing_in_file"]["z"].number == 2)
        #expect(try await fixture(.get, place).json == made.json)
        #expect(try await fixture(.put, "\(place)?spacing=3,0.25,0.25", file).status == 200)
        let other = try await fixture(.put, place, file)
        #expect(other.status == 409)
        #expect(other.detail.contains("the same file, read with another spacing"))
        #expect(try await fixture(.get, Self.place).json.names.contains("spacing_in_file") == false)
    }

    /// The labels of a volume, mirrored along x at the same place, or moved by `shift` voxels.
    private func mirrored(_ labels: [UInt8], of header: VolumeHeader, shift: Double = 0) throws -> InMemoryVolume {
        let columns = header.extent.x
        let values = stride(from: 0, to: labels.count, by: columns).flatMap { labels[$0..<$0 + columns].reversed() }
        var turned = header.with(element: .uint8)
        var affine = try #require(header.orientation?.affine)
        for row in 0..<3 {
            affine[row * 4 + 3] += affine[row * 4] * (Double(columns - 1) + shift)
            affine[row * 4] = -affine[row * 4]
        }
        turned.orientation = Orientation(affine: affine)
        return try InMemoryVolume(header: turned, bytes: values)
    }

    @Test(arguments: [("truth", "truth"), ("annotations", "labels")], [VolumeFormat.niftiGzip, .nrrd, .metaImage])
    func `labels stored in another order at the volume's place come onto its grid`(
        paths: (put: String, get: String), format: VolumeFormat
    ) async throws {
        let fixture = try APIFixture()
        var header = try Samples.image().header
        header.orientation = Orientation(affine: [0.5, 0, 0, 1, 0, 0.5, 0, 2, 0, 0, 2, 3, 0, 0, 0, 1])
        let image = try InMemoryVolume(header: header, bytes: Samples.image().bytes)
        #expect(try await fixture(.put, "/v1/projects/p", #"{"classes":[{"name":"a"},{"name":"b"}]}"#).status == 201)
        #expect(try await fixture(.put, Self.place, fixture.file(image, as: .nifti)).status == 201)
        let labels = (0..<header.extent.voxels).map { UInt8($0 % 7 % 2) }
        let file = try fixture.file(mirrored(labels, of: header), as: format)
        #expect(try await fixture(.put, "\(Self.place)/\(paths.put)", file).status == 201)
        let back = try await fixture(.get, "\(Self.place)/\(paths.get)?format=raw")
        #expect(back.body == labels)

        let elsewhere = try fixture.file(mirrored(labels, of: header, shift: 1), as: format)
        let refused = try await fixture(.put, "\(Self.place)/\(paths.put)", elsewhere)
        #expect(refused.status == 409)
        #expect(refused.json["field"].string == "ignore-place")
        #expect(refused.detail.contains("first voxel at (1, 2, 3)"))
        #expect(refused.detail.contains("first voxel at (5, 2, 3)"))
        let insisted = try await fixture(.put, "\(Self.place)/\(paths.put)?ignore-place=true", elsewhere)
        #expect([200, 201].contains(insisted.status))
        let columns = header.extent.x
        let rows = stride(from: 0, to: labels.count, by: columns).flatMap { labels[$0..<$0 + columns].reversed() }
        #expect(try await fixture(.get, "\(Self.place)/\(paths.get)?format=raw").body == rows)
    }

    @Test func `pictures of slices are PNG, with labels laid over`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        let path = "\(Self.place)/slices/y/3"
        let plain = try await fixture(.get, path)
        #expect(plain.headers["Content-Type"] == "image/png")
        #expect(PNG.recognises(plain.body))
        let tag = try #require(plain.headers["ETag"])
        #expect(try await fixture(.get, path, headers: ["If-None-Match": tag]).status == 304)
        let slice = [UInt8](repeating: 1, count: 32)
        #expect(try await fixture(.post, "\(Self.place)/annotations?axis=y&index=3", slice).status == 201)
        let marked = try await fixture(.get, "\(path)?overlay=annotation&alpha=0.7&channel=0&window=0,2000")
        #expect(PNG.recognises(marked.body))
        #expect(marked.headers["ETag"] != tag)
        #expect(try await fixture(.get, "\(path)?overlay=prediction").status == 404)
        #expect(try await fixture(.get, "\(path)?overlay=truth").status == 404)
        #expect(try await fixture(.get, "\(path)?overlay=errors").status == 404)
        #expect(try await fixture(.put, "\(Self.place)/truth", fixture.file(Samples.labels())).status == 201)
        let truth = try await fixture(.get, "\(path)?overlay=truth&classes=in")
        #expect(truth.status == 200)
        let outlined = try await fixture(.get, "\(path)?overlay=truth&classes=in&outline=true")
        #expect(outlined.headers["ETag"] != truth.headers["ETag"])
        #expect(outlined.body != truth.body)
        // z × x at half a micrometer a pixel: four rows of two micrometers, eight columns of half a one.
        let scaled = try await fixture(.get, "\(path)?scale=1")
        let size = try PNG.size(of: scaled.body)
        #expect(size.rows == 16 && size.columns == 8)
        for (query, field) in [
            ("scale=0", "scale"), ("scale=65", "scale"), ("outline=true", "outline"), ("classes=in", "classes"),
            ("overlay=truth&classes=nobody", "classes"), ("overlay=truth&classes=in,", "classes"),
        ] {
            let refused = try await fixture(.get, "\(path)?\(query)")
            #expect(refused.status == 422, "\(query)")
            #expect(refused.json["field"].string == field, "\(query)")
        }
        #expect(try await fixture(.get, "\(path)?channel=2").json["field"].string == "channel")
        #expect(try await fixture(.get, "\(path)?window=5,1").json["field"].string == "window")
        #expect(try await fixture(.get, "\(Self.place)/slices/y/6").detail.contains("0 to 5"))
        #expect(try await fixture(.get, "\(Self.place)/slices/w/1").status == 404)
    }

    @Test func `a removed volume is gone`() async throws {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.delete, Self.place).status == 204)
        #expect(try await fixture(.get, Self.place).status == 404)
        #expect(try await fixture(.get, "\(Self.place)/image").status == 404)
    }
}
