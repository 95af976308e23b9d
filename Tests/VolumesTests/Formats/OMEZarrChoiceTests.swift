import Foundation
import TestSupport
import Testing
import Volumes

/// What of a store with several images and labels is meant.
@Suite struct OMEZarrChoiceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func open(_ files: [(String, [UInt8])], _ hints: VolumeHints = VolumeHints()) throws -> any VoxelSource {
        let zip = try folder.file("\(UUID().uuidString).zip", ZipSample(files).bytes)
        return try openVolume(at: zip, hints: hints, scratch: folder.url, limit: 1 << 24)
    }

    func refuses(_ files: [(String, [UInt8])], _ hints: VolumeHints = VolumeHints(), saying reason: String) {
        #expect {
            _ = try open(files, hints)
        } throws: { error in
            error is VolumeError && "\(error)".contains(reason)
        }
    }

    static func labels(dataset: String? = nil) -> VolumeHints {
        var hints = VolumeHints(dataset: dataset)
        hints.areLabels = true
        return hints
    }

    /// An image below a path, whose voxels begin with a number.
    func image(_ path: String, first: Int = 0, attributes: String = ZarrSample.image()) throws -> [(String, [UInt8])] {
        var sample = ZarrSample()
        sample.first = first
        return try sample.store2(attributes: attributes).map { ("\(path)/\($0.0)", $0.1) }
    }

    func group(_ path: String, _ attributes: String) -> [(String, [UInt8])] {
        let prefix = path.isEmpty ? "" : path + "/"
        return [
            (prefix + ".zgroup", Array(#"{"zarr_format":2}"#.utf8)), (prefix + ".zattrs", Array(attributes.utf8)),
        ]
    }

    @Test func `the only image below the root is taken, as bioformats2raw writes it, and of several one is asked for`()
        throws
    {
        let root = group("", #"{"bioformats2raw.layout":3}"#) + group("OME", #"{"series":["0"]}"#)
        let one = try open(root + image("0"))
        #expect(one.header.part?.dataset == "0" && one.header.channels == 2)
        let two = try root + image("0") + image("1", first: 9)
        refuses(two, saying: "a collection of 2 images; say which with dataset=, as in dataset=0: 0, 1")
        let second = try open(two, VolumeHints(dataset: "/1/"))
        #expect(second.header.part?.dataset == "1")
        #expect(try second.raw(Box(extent: Extent(z: 1, y: 1, x: 1))) == [9, 0])
        refuses(two, VolumeHints(dataset: "2"), saying: "nothing at \"2\"; its images are 0, 1")
        refuses(two, VolumeHints(dataset: "OME"), saying: "a group that is no image at \"OME\"")
        refuses(two, VolumeHints(dataset: "../0"), saying: "leads upwards")
    }

    @Test func `of a plate a field is asked for`() throws {
        let plate =
            try group("", #"{"plate":{"wells":[{"path":"A/1"}]}}"#) + group("A/1", #"{"well":{}}"#)
            + image("A/1/0") + image("A/1/1")
        refuses(plate, saying: "a plate of 2 images; say which with dataset=, as in dataset=A/1/0: A/1/0, A/1/1")
        #expect(try open(plate, VolumeHints(dataset: "A/1/1")).header.channels == 2)
    }

    @Test func `an array by itself is taken by its name, and its axes where they are clear`() throws {
        var sample = ZarrSample()
        let files = try sample.store2(attributes: "{}")
        refuses(
            files, saying: "without an image of OME (multiscales); dataset= and axes= take an array of it, and it has 0"
        )
        refuses(files, VolumeHints(dataset: "0"), saying: "axes=czyx")
        #expect(try allBytes(open(files, VolumeHints(axes: "czyx", dataset: "0"))) == sample.values)
        (sample.shape, sample.chunk) = ([5, 7, 6], [5, 7, 6])
        let plain = [("a.zarr/.zarray", Array(sample.format2().utf8))] + (try sample.chunks(at: "a.zarr"))
        #expect(try open(plain).header.extent == Extent(z: 5, y: 7, x: 6))
    }

    /// An image at the root with labels beside it, of which the first has names.
    func labelled(_ names: [String]) throws -> [(String, [UInt8])] {
        let list = names.map { "\"\($0)\"" }.joined(separator: ",")
        var files = try ZarrSample().store2() + group("labels", #"{"labels":[\#(list)]}"#)
        for (index, name) in names.enumerated() {
            var sample = ZarrSample()
            (sample.shape, sample.chunk, sample.first) = ([5, 7, 6], [4, 4, 4], index)
            let properties = #"[{"label-value":1,"name":"cell"},{"label-value":2,"name":"wall"}]"#
            let label = index == 0 ? #"{"properties":\#(properties)}"# : "{}"
            let axes = ZarrSample.axes.replacing(#"{"name":"c","type":"channel"},"#, with: "")
            let attributes = ZarrSample.image(axes: axes, scale: "[2,0.5,0.25]", more: #","image-label":\#(label)"#)
            files += try sample.store2(attributes: attributes).map { ("labels/\(name)/\($0.0)", $0.1) }
        }
        return files
    }

    @Test func `labels beside an image are taken where labels are meant, by the names of their values`() throws {
        let files = try labelled(["cells"])
        #expect(try open(files).header.channels == 2)
        let labels = try open(files, Self.labels())
        #expect(labels.header.part?.dataset == "labels/cells" && labels.header.channels == 1)
        #expect(labels.segments == [LabelSegment(name: "cell", value: 1), LabelSegment(name: "wall", value: 2)])
        let several = try labelled(["cells", "nuclei"])
        refuses(several, Self.labels(), saying: "as in dataset=labels/cells: labels/cells, labels/nuclei")
        let nuclei = try open(several, Self.labels(dataset: "labels/nuclei"))
        #expect(nuclei.segments == nil && nuclei.header.part?.dataset == "labels/nuclei")
        // As an image it is numbers.
        #expect(try open(files, VolumeHints(dataset: "labels/cells")).segments == nil)
    }

    @Test func `archives that hold no store, or two, are refused with what is in them`() throws {
        refuses([("a.txt", [1]), ("b/c", [2])], saying: "it has \"a.txt\", \"b/c\"")
        refuses([], saying: "it has no files")
        let two = try image("a.zarr") + image("b.zarr")
        refuses(two, saying: "2 hierarchies of Zarr side by side")
    }
}
