import API
import Foundation
import HTTP
import JSON
import Jobs
import Store
import TestSupport
import Testing
import Volumes

@Suite struct OMEZarrTests {
    static let place = "/v1/projects/p/volumes/v"
    static let roots = ["\(place)/ome.zarr", "\(place)/ome.zarr3"]
    static let extent = Extent(z: 3, y: 70, x: 130)

    private let fixture: APIFixture

    init() throws { fixture = try APIFixture() }

    private func makeLevels() async { await LevelMaker(store: fixture.store, logger: .silent).makeAll() }

    private func attributes(_ root: String, _ path: String = "") async throws -> JSONValue {
        let isNew = root.hasSuffix("3")
        let document = try await fixture(.get, "\(root)\(path)/\(isNew ? "zarr.json" : ".zattrs")").json
        return isNew ? document["attributes"]["ome"] : document
    }

    /// Voxels of a type, other ones everywhere, with those at the ends of its range among them.
    private func image(_ element: ElementType, _ extent: Extent, channels: Int) throws -> InMemoryVolume {
        let header = VolumeHeader(
            channels: channels, extent: extent, element: element,
            spacing: Spacing(z: 2, y: 0.5, x: 0.5, unit: "micrometer"))
        var random = SeededGenerator(seed: 7)
        let bytes = (0..<header.byteCount).map { place -> UInt8 in
            // The highest byte of a float stays small, so that it is a number.
            element.isFloatingPoint && place % element.size == element.size - 1
                ? 0x40 : UInt8.random(in: 0...255, using: &random)
        }
        return try InMemoryVolume(header: header, bytes: bytes)
    }

    private static let samples: [(ElementType, Extent, Int)] = [
        (.uint8, Extent(z: 3, y: 70, x: 130), 1), (.uint16, Extent(z: 65, y: 64, x: 63), 2),
        (.float32, Extent(z: 1, y: 65, x: 70), 3), (.int16, Extent(z: 1, y: 1, x: 1), 1),
        (.uint16, Extent(z: 64, y: 64, x: 64), 1), (.float64, Extent(z: 2, y: 1, x: 129), 1),
    ]

    @Test(arguments: samples, roots)
    func `every voxel of the image is read as it was sent`(
        _ sample: (ElementType, Extent, Int), _ root: String
    ) async throws {
        let (element, extent, channels) = sample
        let image = try image(element, extent, channels: channels)
        try await fixture.furnish(image)
        let read = try await ZarrReader(fixture: fixture, root: root).array("0")
        #expect(read.shape == [channels, extent.z, extent.y, extent.x])
        #expect(read.bytes == image.bytes)
    }

    @Test(arguments: roots)
    func `levels are there as soon as they are made, with their places in the world`(_ root: String) async throws {
        let image = try Samples.image(extent: Self.extent)
        try await fixture.furnish(image)
        #expect(try await attributes(root)["multiscales"][0]["datasets"].count == 1)
        let early = try await fixture(.get, "\(root)/1/\(root.hasSuffix("3") ? "c/" : "")0/0/0/0")
        #expect(early.status == 503 && early.headers["Retry-After"] != nil)
        await makeLevels()
        let scales = try await attributes(root)["multiscales"][0]
        #expect(scales["datasets"].count == 3 && scales["name"].string == "v")
        let axes = (0..<4).map { scales["axes"][$0] }
        #expect(axes.map { $0["name"].string } == ["c", "z", "y", "x"])
        #expect(axes.map { $0["type"].string } == ["channel", "space", "space", "space"])
        #expect(axes.map { $0["unit"].string } == [nil, "micrometer", "micrometer", "micrometer"])
        let last = scales["datasets"][2]["coordinateTransformations"]
        #expect(scales["datasets"][2]["path"].string == "2" && last.count == 2)
        #expect((0..<4).map { last[0]["scale"][$0].number } == [1, 2, 1, 2])
        #expect((0..<4).map { last[1]["translation"][$0].number } == [0, 0, 0.25, 0.75])
        let halved = try Halving.mean.read(
            Box(extent: Extent(z: 3, y: 35, x: 65)), channel: 1, from: image, halving: [.y, .x])
        let level = try await ZarrReader(fixture: fixture, root: root).array("1")
        #expect(level.shape == [2, 3, 35, 65] && Array(level.bytes.suffix(halved.count)) == halved)
    }

    @Test func `the documents are those of OME-Zarr 0.4 and 0.5, and consolidated metadata has them all`() async throws
    {
        try await fixture.furnish(Samples.image(extent: Self.extent))
        await makeLevels()
        try await annotate()
        let old = try await fixture(.get, "\(Self.roots[0])/.zmetadata").json
        #expect(old["zarr_consolidated_format"].number == 1)
        let names = [".zattrs", ".zgroup", "0/.zarray", "1/.zarray", "2/.zarray", "labels/.zattrs", "labels/.zgroup"]
        let annotation = [".zattrs", ".zgroup", "0/.zarray", "1/.zarray", "2/.zarray"].map { "labels/annotation/\($0)" }
        #expect(old["metadata"].names == (names + annotation).sorted())
        for name in old["metadata"].names {
            #expect(try await fixture(.get, "\(Self.roots[0])/\(name)").json == old["metadata"][name], "\(name)")
        }
        #expect(old["metadata"]["0/.zarray"]["dimension_separator"].string == "/")
        #expect(old["metadata"][".zattrs"]["multiscales"][0]["version"].string == "0.4")
        let new = try await fixture(.get, "\(Self.roots[1])/zarr.json").json
        #expect(new["zarr_format"].number == 3 && new["attributes"]["ome"]["version"].string == "0.5")
        let below = new["consolidated_metadata"]["metadata"]
        #expect(
            below.names == [
                "0", "1", "2", "labels", "labels/annotation", "labels/annotation/0", "labels/annotation/1",
                "labels/annotation/2",
            ])
        for name in below.names {
            let document = try await fixture(.get, "\(Self.roots[1])/\(name)/zarr.json").json
            #expect(document["node_type"] == below[name]["node_type"], "\(name)")
            #expect(document["attributes"] == below[name]["attributes"], "\(name)")
        }
        #expect((0..<4).map { below["0"]["dimension_names"][$0].string } == ["c", "z", "y", "x"])
    }

    @Test(arguments: roots)
    func `channels have windows that can be shown, also where all voxels are the same`(_ root: String) async throws {
        let header = VolumeHeader(channels: 2, extent: Extent(z: 1, y: 2, x: 2), element: .uint8)
        try await fixture.furnish(InMemoryVolume(header: header, values: [5, 5, 5, 5, 0, 50, 100, 200] as [UInt8]))
        let channels = try await attributes(root)["omero"]["channels"]
        #expect(channels.count == 2)
        for index in 0..<2 {
            let window = channels[index]["window"]
            let (start, end) = (try #require(window["start"].number), try #require(window["end"].number))
            #expect(start < end && channels[index]["color"].string?.count == 6)
        }
        #expect(channels[1]["window"]["min"].number == 0 && channels[1]["window"]["max"].number == 200)
        #expect(try await attributes(root)["multiscales"][0]["axes"][3]["unit"] == .null)
    }

    @Test(arguments: roots)
    func `channels keep the names and colours that their file has`(_ root: String) async throws {
        try await fixture.furnish(Samples.image())
        let looks = #"[{"label":"DAPI","color":"0000FF"},{"label":"actin"}]"#
        let image =
            #"{"multiscales":[{"axes":["c","z","y","x"],"datasets":[{"path":"0"}]}],"omero":{"channels":\#(looks)}}"#
        let array = #"{"zarr_format":2,"shape":[2,1,2,2],"chunks":[2,1,2,2],"dtype":"|u1","fill_value":0,"order":"C","#
        let files = [
            (".zattrs", Array(image.utf8)), ("0/.zarray", Array((array + #""filters":null,"compressor":null}"#).utf8)),
            ("0/0.0.0.0", [1, 2, 3, 4, 5, 6, 7, 8] as [UInt8]),
        ]
        let put = try await fixture(.put, "/v1/projects/p/volumes/v?replace=true", ZipSample(files).bytes)
        #expect(put.status == 200, "\(put.text)")
        let told = put.json["channels"]
        #expect(told[0]["name"].string == "DAPI" && told[0]["color"].string == "#0000ff")
        #expect(told[1]["name"].string == "actin" && told[1]["color"] == .null)
        let channels = try await attributes(root)["omero"]["channels"]
        #expect(channels[0]["label"].string == "DAPI" && channels[0]["color"].string == "0000FF")
        #expect(channels[1]["label"].string == "actin" && channels[1]["color"].string?.count == 6)
    }

    private func annotate() async throws {
        var slice = [UInt8](repeating: 255, count: 70 * 130)
        for place in 0..<130 { slice[place] = UInt8(place % 3) }
        let post = try await fixture(.post, "\(Self.place)/annotations?axis=z&index=1", headers: [:], slice)
        #expect(post.status == 201)
    }

    @Test(arguments: roots)
    func `annotations are labels of class plus one, in as many levels as the image has`(_ root: String) async throws {
        try await fixture.furnish(Samples.image(extent: Self.extent))
        await makeLevels()
        #expect(
            try await fixture(.get, "\(root)/labels/\(root.hasSuffix("3") ? "zarr.json" : ".zattrs")").status == 404)
        try await annotate()
        #expect(try await attributes(root, "/labels")["labels"] == ["annotation"])
        let label = try await attributes(root, "/labels/annotation")
        #expect(label["multiscales"][0]["datasets"].count == 3 && label["multiscales"][0]["axes"].count == 3)
        let shown = label["image-label"]
        #expect(shown["properties"].count == 3 && shown["properties"][1]["name"].string == "in")
        #expect(shown["colors"][2]["label-value"].number == 3 && shown["colors"][2]["rgba"].count == 4)
        let reader = ZarrReader(fixture: fixture, root: root)
        let whole = try await reader.array("labels/annotation/0")
        #expect(whole.shape == [3, 70, 130])
        let plane = 70 * 130
        var wanted = [UInt8](repeating: 0, count: 3 * plane)
        for place in 0..<130 { wanted[plane + place] = UInt8(place % 3 + 1) }
        #expect(whole.bytes == wanted)
        let last = try await reader.array("labels/annotation/2")
        #expect(last.shape == [3, 35, 33])
        let row: [UInt8] = (0..<33).map { UInt8(4 * $0 % 3 + 1) }
        #expect(Array(last.bytes[1155..<1188]) == row)
        #expect(last.bytes.count { $0 != 0 } == 33)
        // The second row of bricks has no slice's label.
        let empty = try await fixture(.get, "\(root)/labels/annotation/0/\(root.hasSuffix("3") ? "c/" : "")0/1/0")
        #expect(empty.status == 404 && empty.detail.contains("fill value"))
    }

    @Test(arguments: roots)
    func `a prediction is there as labels, its probabilities and its uncertainty as images`(_ root: String) async throws
    {
        try await fixture.furnish(Samples.image(extent: Self.extent))
        let (store, voxels) = (fixture.store, Self.extent.voxels)
        let project = try await store.project(named: "p")
        let volume = try await store.volume(project: project.id, name: "v")
        let model = try await store.addModel(
            project: project.id,
            NewModel(
                name: "m", classes: ["out", "in", "edge"], recipe: "{}", configuration: "{}", seed: 1, job: nil),
            weights: Data([1]))
        let labels = try store.makeGrid(header: volume.header.with(element: .uint8))
        try labels.write(box: Box(extent: Self.extent), channel: 0, values: (0..<voxels).map { UInt8($0 % 3) })
        let shares = try store.makeGrid(header: volume.header.with(element: .uint16, channels: 3))
        let values = (0..<3).map { channel in
            (0..<voxels).map { UInt16($0 % 130 < 64 ? (channel == 0 ? 65535 : 0) : 21845) }
        }
        for channel in 0..<3 {
            try shares.write(box: Box(extent: Self.extent), channel: channel, values: values[channel])
        }
        _ = try await store.putPrediction(
            volume: volume.id, model: model.id, labels: try labels.finish(), probability: try shares.finish())
        await makeLevels()
        let truth = try fixture.file(
            InMemoryVolume(
                header: VolumeHeader(extent: Self.extent, element: .uint8, spacing: volume.header.spacing),
                values: (0..<voxels).map { UInt8($0 % 2) }))
        #expect(try await fixture(.put, "\(Self.place)/truth", truth).status == 201)

        #expect(try await attributes(root, "/labels")["labels"] == ["prediction", "truth"])
        let reader = ZarrReader(fixture: fixture, root: root)
        #expect(try await reader.array("labels/prediction/0").bytes == (0..<voxels).map { UInt8($0 % 3 + 1) })
        #expect(try await reader.array("labels/truth/0").bytes == (0..<voxels).map { UInt8($0 % 2 + 1) })
        let level = try await reader.array("labels/prediction/1")
        let row: [UInt8] = (0..<65).map { UInt8(2 * $0 % 3 + 1) }
        #expect(level.shape == [3, 35, 65] && Array(level.bytes.prefix(65)) == row)
        let probability = try await reader.array("probability/0")
        #expect(probability.shape == [3, 3, 70, 130])
        let bytes: [UInt8] = values.flatMap { channel in channel.withUnsafeBytes { [UInt8]($0) } }
        #expect(probability.bytes == bytes)
        let channels = try await attributes(root, "/probability")["omero"]["channels"]
        #expect((0..<3).map { channels[$0]["label"].string } == ["out", "in", "edge"])
        let uncertainty = try await reader.array("uncertainty/0")
        #expect(uncertainty.shape == [1, 3, 70, 130])
        let line = [UInt8](repeating: 0, count: 128) + [UInt8](repeating: 255, count: 132)
        #expect(Array(uncertainty.bytes.prefix(260)) == line)
        #expect(try await attributes(root, "/uncertainty")["multiscales"][0]["datasets"].count == 3)

        // What a program still has the metadata of must not turn into nothing.
        #expect(try await fixture(.delete, "/v1/projects/p/models/m").status == 204)
        for path in ["labels/prediction/0/c/0/0/0", "probability/0/c/0/0/0/0"] {
            let key = root.hasSuffix("3") ? path : path.replacing("/c/", with: "/")
            let gone = try await fixture(.get, "\(root)/\(key)")
            #expect(gone.status == 410 && gone.detail.contains("anew"), "\(key) \(gone.status)")
        }
    }

    @Test func `a chunk has a tag that changes with its voxels, and is sent as it is`() async throws {
        try await fixture.furnish(Samples.image(extent: Self.extent))
        let target = "\(Self.roots[0])/0/1/0/0/2"
        let reply = try await fixture(.get, target, headers: ["Accept-Encoding": "gzip"])
        let tag = try #require(reply.headers["ETag"])
        #expect(reply.headers["Content-Encoding"] == nil && reply.headers["Cache-Control"] == "private, no-cache")
        #expect(try await fixture(.get, target, headers: ["If-None-Match": tag]).status == 304)
        #expect(try await fixture(.head, target).headers["ETag"] == tag)
        #expect(try await fixture(.get, "\(Self.roots[1])/0/c/1/0/0/2").body == reply.body)
        let part = try await fixture(.get, target, headers: ["Range": "bytes=0-3"])
        #expect(part.status == 206 && part.body == Array(reply.body.prefix(4)))
        let other = try fixture.file(Samples.image(offset: 5, extent: Self.extent))
        #expect(try await fixture(.put, "\(Self.place)?replace=true", other).status == 200)
        #expect(try await fixture(.get, target, headers: ["If-None-Match": tag]).status == 200)
    }

    @Test(arguments: [
        ("ome.zarr", 404, ".zattrs"), ("ome.zarr/", 404, ".zattrs"), ("ome.zarr3", 404, "ome.zarr3/zarr.json"),
        ("ome.zarr/zarr.json", 404, ".zattrs"), ("ome.zarr3/.zattrs", 404, "zarr.json"), ("ome.zarr/0", 404, "begin"),
        ("ome.zarr/0/0/0/0", 404, "begin"), ("ome.zarr/0/0/0/0/0/0", 404, "begin"),
        ("ome.zarr/0/00/0/0/0", 404, "begin"),
        ("ome.zarr/0/-1/0/0/0", 404, "begin"), ("ome.zarr/0/+1/0/0/0", 404, "begin"),
        ("ome.zarr/0/9999999999999999999/0/0/0", 404, "begin"), ("ome.zarr3/0/0/0/0/0", 404, "begin"),
        ("ome.zarr/0//0/0/0/0", 404, "begin"), ("ome.zarr/7/.zarray", 404, "has no"),
        ("ome.zarr/labels/.zattrs", 404, "has no"), ("ome.zarr/0/.zgroup", 404, "has no"),
        ("ome.zarr/0/2/0/0/0", 404, "no chunk"), ("ome.zarr/0/0/1/0/0", 404, "no chunk"),
        ("ome.zarr/0/0/0/2/0", 404, "no chunk"), ("ome.zarr/0/0/0/0/3", 404, "no chunk"),
        ("ome.zarr/9/0/0/0/0", 404, "no chunk"),
        ("ome.zarr/0/0/9223372036854775807/0/0", 404, "no chunk"),
        ("ome.zarr/9223372036854775807/9223372036854775807/0/0/0", 404, "no chunk"),
        ("ome.zarr/labels/truth/0/0/0/0", 410, "truth"),
        ("ome.zarr/uncertainty/0/0/0/0/0", 410, "uncertainty"),
    ])
    func `what is not there is told from what is empty`(_ path: String, _ status: Int, _ detail: String) async throws {
        try await fixture.furnish(Samples.image(extent: Self.extent))
        let reply = try await fixture(.get, "\(Self.place)/\(path)")
        #expect(reply.status == status && reply.detail.contains(detail), "\(reply.status) \(reply.detail)")
    }

    @Test func `a chunk of a volume that was removed is gone, not empty`() async throws {
        try await fixture.furnish(Samples.image(extent: Self.extent))
        #expect(try await fixture(.get, "\(Self.roots[0])/0/0/0/0/0").status == 200)
        #expect(try await fixture(.delete, Self.place).status == 204)
        #expect(try await fixture(.get, "\(Self.roots[0])/0/0/0/0/0").status == 410)
        #expect(try await fixture(.get, "\(Self.roots[0])/.zattrs").status == 404)
    }
}
