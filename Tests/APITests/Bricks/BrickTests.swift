import API
import Foundation
import HTTP
import JSON
import Jobs
import Store
import TestSupport
import Testing
import Volumes

@Suite struct BrickTests {
    private static let place = "/v1/projects/p/volumes/v"
    private static let extent = Extent(z: 3, y: 70, x: 130)
    private let fixture: APIFixture
    private let image: InMemoryVolume

    init() async throws {
        fixture = try APIFixture()
        image = try Samples.image(extent: Self.extent)
        try await fixture.furnish(image)
    }

    private func makeLevels() async { await LevelMaker(store: fixture.store, logger: .silent).makeAll() }

    private func answer(_ query: String, level: Int = 0, size: Int = 2, headers: Headers = [:]) async throws
        -> BrickAnswer
    {
        let reply = try await fixture(.get, "\(Self.place)/bricks/\(level)?\(query)", headers: headers)
        #expect(reply.status == 200, "\(reply.detail)")
        let extent = Pyramid(of: image.header).levels[level].extent
        return try #require(BrickAnswer(reply.body, of: extent, size: size))
    }

    private func volume() async throws -> VolumeRecord {
        let project = try await fixture.store.project(named: "p")
        return try await fixture.store.volume(project: project.id, name: "v")
    }

    @Test func `the bricks of the image have the voxels that were sent`() async throws {
        let grid = BrickGrid(extent: Self.extent)
        for channel in 0..<2 {
            let answer = try await answer("channel=\(channel)")
            #expect(answer.bricks == grid.bricks)
            for (brick, voxels) in zip(answer.bricks, answer.voxels) {
                #expect(try voxels == image.raw(grid.box(of: brick), channel: channel))
            }
        }
        #expect(try await answer("box=0,0,64,1,64,65").bricks == [BrickIndex(z: 0, y: 0, x: 1)])
        #expect(try await answer("box=2,63,127,9,99,999").bricks.count == 4)
        let places = try await answer("box=0,64,128,1,65,129&box=0,0,0,1,70,1").bricks
        #expect(places == [(1, 2), (0, 0), (1, 0)].map { BrickIndex(z: 0, y: $0.0, x: $0.1) })
        #expect(try await answer("box=0,0,0,1,1,65&box=0,0,0,1,1,1").bricks.count == 2)
    }

    @Test func `levels are listed, first as missing, and then as they are`() async throws {
        let levels = try await fixture(.get, Self.place).json["levels"]
        #expect(levels.count == 3)
        #expect(levels[0]["ready"] == true && levels[1]["ready"] == false && levels[2]["ready"] == false)
        #expect(levels[1]["shape"] == ["z": 3, "y": 35, "x": 65] && levels[2]["shape"] == ["z": 3, "y": 35, "x": 33])
        #expect(levels[2]["factor"] == ["z": 1, "y": 2, "x": 4])
        #expect(levels[1]["spacing"]["x"].number == 1 && levels[1]["spacing"]["z"].number == 2)
        let early = try await fixture(.get, "\(Self.place)/bricks/1")
        #expect(early.status == 503 && early.headers["Retry-After"] != nil && early.detail.contains("level 0 is there"))
        await makeLevels()
        let ready = try await fixture(.get, Self.place).json["levels"]
        #expect((0..<3).allSatisfy { ready[$0]["ready"] == true })
        let listed = try await fixture(.get, "\(Self.place)/bricks").json
        #expect(listed[0]["of"].string == "image" && listed[0]["edge"].number == 64 && listed[0]["levels"] == ready)
        #expect(listed[1]["of"].string == "annotation" && listed[1]["levels"].count == 1 && listed.count == 2)
        let halved = try Halving.mean.read(
            Box(extent: Extent(z: 3, y: 35, x: 65)), channel: 1, from: image, halving: [.y, .x])
        let level = try await answer("channel=1", level: 1)
        #expect(level.bricks.count == 2)
        let grid = BrickGrid(extent: Extent(z: 3, y: 35, x: 65))
        let header = VolumeHeader(extent: grid.extent, element: .uint16)
        let wanted = try InMemoryVolume(header: header, bytes: halved)
        for (brick, voxels) in zip(level.bricks, level.voxels) {
            #expect(try voxels == wanted.raw(grid.box(of: brick)))
        }
    }

    @Test func `a description stays good for If-Match while levels come`() async throws {
        let tag = try #require(try await fixture(.get, Self.place).headers["ETag"])
        await makeLevels()
        let now = try await fixture(.get, Self.place, headers: ["If-None-Match": tag])
        #expect(now.status == 200 && now.headers["ETag"] != tag)
        let other = try fixture.file(Samples.image(offset: 5, extent: Self.extent))
        let put = try await fixture(.put, "\(Self.place)?replace=true", headers: ["If-Match": tag], other)
        #expect(put.status == 200)
    }

    @Test func `bricks come packed as the client takes them, with a tag of each`() async throws {
        let plain = try await fixture(.get, "\(Self.place)/bricks/0")
        #expect(plain.headers["Content-Encoding"] == nil)
        let zstd = try await fixture(.get, "\(Self.place)/bricks/0", headers: ["Accept-Encoding": "gzip, zstd"])
        #expect(zstd.headers["Content-Encoding"] == "zstd" && zstd.body.count < plain.body.count / 2)
        let volume = try await volume()
        let stored = try #require(try await fixture.store.bricks(grid: volume.image))
        let answer = try #require(BrickAnswer(plain.body, of: Self.extent, size: 2))
        let frames = zip(answer.heads, try stored.packed(stored.grid.bricks, channel: 0)).map { head, packed in
            BrickCodec.frame(head) + (packed ?? [])
        }
        #expect(zstd.body == frames.flatMap(\.self), "bricks are not sent as they are stored")
        let gzip = try await fixture(.get, "\(Self.place)/bricks/0", headers: ["Accept-Encoding": "gzip, deflate"])
        #expect(gzip.headers["Content-Encoding"] == "gzip" && gzip.body.starts(with: [0x1f, 0x8b]))
        #expect(try unpacked(gzip.body, count: plain.body.count) == plain.body)
        let tags = [plain, zstd, gzip].compactMap { $0.headers["ETag"] }
        #expect(Set(tags).count == 3)
        for (tag, coding) in zip(tags, ["identity", "zstd", "gzip"]) {
            let headers: Headers = ["If-None-Match": tag, "Accept-Encoding": coding]
            #expect(try await fixture(.get, "\(Self.place)/bricks/0", headers: headers).status == 304)
            #expect(try await fixture(.get, "\(Self.place)/bricks/0?channel=1", headers: headers).status == 200)
        }
        for reply in [plain, zstd, gzip] { #expect(reply.headers.all("Vary").contains("Accept-Encoding")) }
    }

    @Test func `an answer of many bricks is a stream of the same bytes`() async throws {
        let large = try Samples.image(extent: Extent(z: 70, y: 150, x: 140))
        #expect(try await fixture(.put, "/v1/projects/p/volumes/large", fixture.file(large)).status == 201)
        for coding in ["identity", "gzip", "zstd"] {
            let request = try Request(
                .get, "/v1/projects/p/volumes/large/bricks/0?channel=1", headers: ["Accept-Encoding": coding])
            let response = await fixture.router.freeze().respond(to: request)
            guard case .stream = response.body else {
                Issue.record("\(coding) is no stream")
                continue
            }
            let bytes = try await response.body.bytes()
            let count = large.header.byteCount / 2 + 20 * 18
            if coding == "zstd" { #expect(bytes.count < count / 2) }
            guard coding != "zstd" else { continue }
            let plain = coding == "gzip" ? try unpacked(bytes, count: count) : bytes
            let answer = try #require(BrickAnswer(plain, of: large.header.extent, size: 2))
            let grid = BrickGrid(extent: large.header.extent)
            #expect(answer.bricks == grid.bricks)
            for (brick, voxels) in zip(answer.bricks, answer.voxels) {
                #expect(try voxels == large.raw(grid.box(of: brick), channel: 1))
            }
        }
    }

    /// What a gzip frame holds, read as an NRRD file.
    private func unpacked(_ gzip: [UInt8], count: Int) throws -> [UInt8] {
        let head = "NRRD0004\ntype: uint8\ndimension: 3\nsizes: \(count) 1 1\nencoding: gzip\n\n"
        return try InMemoryVolume(copyOf: fixture.volume(Array(head.utf8) + gzip)).bytes
    }

    @Test func `an answer of a version may be kept for good, and ends with it`() async throws {
        let version = try #require(try await fixture(.get, "\(Self.place)/bricks").json[0]["version"].string)
        let target = "\(Self.place)/bricks/0?version=\(version)"
        let reply = try await fixture(.get, target)
        #expect(reply.headers["Cache-Control"] == "private, max-age=31536000, immutable")
        #expect(try await fixture(.get, "\(Self.place)/bricks/0").headers["Cache-Control"] == "private, no-cache")
        await makeLevels()
        #expect(try await fixture(.get, "\(Self.place)/bricks").json[0]["version"].string == version)
        let other = try fixture.file(Samples.image(offset: 5, extent: Self.extent))
        #expect(try await fixture(.put, "\(Self.place)?replace=true", other).status == 200)
        let gone = try await fixture(.get, target)
        #expect(gone.status == 404 && gone.detail.contains("not there any more"))
        #expect(gone.headers["Cache-Control"] == "no-store")
    }

    @Test func `annotations are merged as they are now, and empty bricks are told as such`() async throws {
        let slice = [UInt8](repeating: 1, count: 70 * 130)
        let before = try await fixture(.get, "\(Self.place)/bricks").json[1]["version"]
        let post = try await fixture(.post, "\(Self.place)/annotations?axis=z&index=1", headers: [:], slice)
        #expect(post.status == 201)
        #expect(try await fixture(.get, "\(Self.place)/bricks").json[1]["version"] != before)
        let answer = try await answer("of=annotation", size: 1)
        let grid = BrickGrid(extent: Self.extent)
        for (brick, voxels) in zip(answer.bricks, answer.voxels) {
            let plane = grid.box(of: brick).extent.y * grid.box(of: brick).extent.x
            #expect(voxels == (0..<3 * plane).map { $0 / plane == 1 ? 1 : 255 })
        }
        #expect(try await fixture(.delete, "\(Self.place)/annotations/z/1").status < 300)
        let empty = try await fixture(.get, "\(Self.place)/bricks/0?of=annotation")
        #expect(empty.body.count == 20 * grid.bricks.count)
        let deeper = try await fixture(.get, "\(Self.place)/bricks/1?of=annotation")
        #expect(deeper.status == 404 && deeper.detail.contains("only level 0"))
    }

    @Test func `a prediction, its uncertainty and a truth are there in the same levels`() async throws {
        let (store, volume) = (fixture.store, try await volume())
        let missing = try await fixture(.get, "\(Self.place)/bricks/0?of=truth")
        #expect(missing.status == 404 && missing.detail.contains("no truth"))
        #expect(try await fixture(.get, "\(Self.place)/bricks/0?of=prediction").status == 404)
        let model = try await store.addModel(
            project: volume.project,
            NewModel(
                name: "m", classes: ["out", "in", "edge"], recipe: "{}", configuration: "{}", seed: 1, job: nil),
            weights: Data([1]))
        let values = (0..<Self.extent.voxels).map { UInt8($0 % 3) }
        func grid(_ element: ElementType, channels: Int, _ values: (Int) -> [UInt16]) throws -> VoxelGridID {
            let writer = try store.makeGrid(header: volume.header.with(element: element, channels: channels))
            for channel in 0..<channels {
                if element == .uint8 {
                    try writer.write(box: Box(extent: Self.extent), channel: channel, values: self.labels)
                } else {
                    try writer.write(box: Box(extent: Self.extent), channel: channel, values: values(channel))
                }
            }
            return try writer.finish()
        }
        // Certain in the first half of each row of voxels, undecided in the second.
        let probability = try grid(.uint16, channels: 3) { channel in
            (0..<Self.extent.voxels).map { $0 % 130 < 64 ? (channel == 0 ? 65535 : 0) : 21845 }
        }
        _ = try await store.putPrediction(
            volume: volume.id, model: model.id, labels: try grid(.uint8, channels: 1) { _ in [] },
            probability: probability)
        try await store.setTruth(volume: volume.id, grid: try grid(.uint8, channels: 1) { _ in [] })
        await makeLevels()
        let listed = try await fixture(.get, "\(Self.place)/bricks").json
        #expect(
            (0..<5).map { listed[$0]["of"].string } == ["image", "prediction", "uncertainty", "truth", "annotation"])
        #expect(listed[1]["model"].string == "m" && listed[2]["dtype"].string == "uint16")
        for kind in ["prediction", "truth"] {
            let answer = try await answer("of=\(kind)&box=0,0,0,1,1,1", size: 1)
            let row = (0..<64).map { values[$0] }
            #expect(Array(answer.voxels[0].prefix(64)) == row)
            let halved = try await self.answer("of=\(kind)", level: 1, size: 1)
            #expect(Array(halved.voxels[0].prefix(64)) == (0..<64).map { values[2 * $0] })
        }
        let reply = try await fixture(.get, "\(Self.place)/bricks/0?of=uncertainty&box=0,0,0,1,1,65")
        #expect(reply.headers["X-Slicewise-Model"] == "m")
        let uncertainty = try await answer("of=uncertainty&box=0,0,0,1,1,65")
        #expect(uncertainty.voxels[0].allSatisfy { $0 == 0 } && uncertainty.voxels[1].allSatisfy { $0 == 255 })
        #expect(try await answer("of=uncertainty", level: 2).bricks.count == 1)
    }

    private var labels: [UInt8] { (0..<Self.extent.voxels).map { UInt8($0 % 3) } }

    @Test(arguments: [
        ("0?box=1,2,3", 422, "box"), ("0?box=0,0,0,1,1,0.5", 422, "whole"), ("0?box=0,0,5,1,1,5", 422, "above"),
        ("0?box=-1,0,0,1,1,1", 422, "whole"), ("0?box=3,0,0,4,1,1", 422, "3×70×130"),
        ("0?box=0,0,0,9223372036854775808,1,1", 422, "whole"), ("0?channel=2", 422, "0 to 1"),
        ("0?channel=x", 400, "whole"),
        ("0?of=labels", 422, "annotation"), ("3", 404, "0 to 2"), ("x", 404, "0 to 2"), ("-1", 404, "0 to 2"),
        ("0?version=abc", 404, "not there any more"), ("0?of=prediction", 404, "no prediction"),
    ])
    func `what is asked for wrongly is refused with what would be right`(
        _ target: String, _ status: Int, _ detail: String
    ) async throws {
        let reply = try await fixture(.get, "\(Self.place)/bricks/\(target)")
        #expect(reply.status == status && reply.detail.contains(detail), "\(reply.status) \(reply.detail)")
    }
}
