import Foundation
import TestSupport
import Testing
import Volumes

/// Files of HDF5 as programs that are common write them.
@Suite struct HDF5FormatTests {
    let folder: TemporaryFolder
    static let extent = Extent(z: 5, y: 7, x: 6)

    init() throws { folder = try TemporaryFolder() }

    func open(
        _ sample: HDF5Sample, dataset: String? = nil, axes: String? = nil, spacing: Spacing? = nil
    ) throws -> any VoxelSource {
        try openVolume(
            at: sample.url, hints: VolumeHints(spacing: spacing, axes: axes, dataset: dataset), scratch: folder.url,
            limit: 1 << 24)
    }

    func values<Number: FixedWidthInteger>(_ source: any VoxelSource, _ type: Number.Type) throws -> [Number] {
        try allBytes(source).withUnsafeBytes { Array($0.bindMemory(to: Number.self)) }
    }

    func refuses(
        _ sample: HDF5Sample, dataset: String? = nil, axes: String? = nil, saying reason: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(sourceLocation: sourceLocation) {
            _ = try open(sample, dataset: dataset, axes: axes)
        } throws: { error in
            error is VolumeError && "\(error)".contains(reason)
        }
    }

    @Test func `ilastik's axis tags name channels, wherever they are`() throws {
        let source = try open(.ilastik)
        var header = VolumeHeader(channels: 2, extent: Self.extent, element: .uint8)
        header.part = FilePart(dataset: "/exported_data")
        #expect(source.header == header)
        #expect(try allBytes(source) == HDF5Sample.counted(UInt8.self) + HDF5Sample.counted(UInt8.self, from: 1))
        let box = Box(origin: Voxel(z: 1, y: 2, x: 3), extent: Extent(z: 3, y: 4, x: 2))
        let whole = try InMemoryVolume(copyOf: source)
        #expect(try source.raw(box, channel: 1) == whole.raw(box, channel: 1))
    }

    @Test func `of PlantSeg's datasets the sender names one, with its element size`() throws {
        refuses(.plantSeg, saying: "say which with dataset=")
        refuses(.plantSeg, saying: "/raw (5 × 7 × 6 float32)")
        refuses(.plantSeg, dataset: "labels", saying: "no dataset or group \"labels\"")
        let label = try open(.plantSeg, dataset: "label")
        #expect(label.header.spacing == Spacing(z: 0.5, y: 0.25, x: 0.125, unit: "micrometer"))
        #expect(try values(label, UInt16.self) == HDF5Sample.counted(UInt16.self))
        let raw = try open(.plantSeg, dataset: "/raw", spacing: Spacing(z: 2, y: 1, x: 1))
        #expect(raw.header.element == .float32 && raw.header.spacing.z == 2)
        #expect(raw.header.spacingInFile?.z == 0.5)
        let numbers = try allBytes(raw).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        #expect(numbers == HDF5Sample.counted(Int.self).map(Float.init))
    }

    @Test func `of Imaris the first time point in full resolution is taken, without what fills the chunks`() throws {
        let source = try open(.imaris)
        #expect(source.header.channels == 2 && source.header.extent == Self.extent)
        #expect(source.header.spacing == Spacing(z: 2, y: 1, x: 0.5, unit: "micrometer"))
        let numbers = HDF5Sample.counted(UInt16.self) + HDF5Sample.counted(UInt16.self, from: 1)
        #expect(try values(source, UInt16.self) == numbers)
        let part = FilePart(
            dataset: "/DataSet/ResolutionLevel 0/TimePoint 0",
            remarks: [
                "The file has 2 time points, and the first was taken; dataset=/DataSet/ResolutionLevel 0/TimePoint 1 takes "
                    + "the next one."
            ])
        #expect(source.header.part == part)
        let next = try open(.imaris, dataset: "DataSet/ResolutionLevel 0/TimePoint 1/")
        #expect(next.header.part == FilePart(dataset: "/DataSet/ResolutionLevel 0/TimePoint 1"))
        #expect(next.header.channels == 2 && next.header.spacing == source.header.spacing)
        #expect(
            try values(next, UInt16.self)
                == HDF5Sample.counted(UInt16.self, from: 100) + HDF5Sample.counted(UInt16.self, from: 101))
        let small = try open(.imaris, dataset: "/DataSet/ResolutionLevel 1")
        #expect(small.header.extent == Extent(z: 3, y: 4, x: 3) && small.header.part?.remarks.count == 1)
        let other = try open(.imaris, dataset: "/DataSet/ResolutionLevel 0/TimePoint 1/Channel 1/Data")
        #expect(other.header.spacing == source.header.spacing)
        #expect(try values(other, UInt16.self) == HDF5Sample.counted(UInt16.self, from: 101))
        let coarse = try open(.imaris, dataset: "DataSet/ResolutionLevel 1/TimePoint 0/Channel 0/Data")
        #expect(coarse.header.extent == Extent(z: 3, y: 4, x: 3) && coarse.header.spacing.x == 1)
    }

    @Test func `of BigDataViewer the setups are channels, and its numbers have no sign`() throws {
        let source = try open(.bigDataViewer)
        var header = VolumeHeader(channels: 2, extent: Self.extent, element: .uint16)
        header.part = FilePart(
            dataset: "/t00000",
            remarks: ["The file has 2 time points, and the first was taken; dataset=/t00001 takes the next one."])
        #expect(source.header == header)
        let numbers = HDF5Sample.counted(UInt16.self, from: 65000) + HDF5Sample.counted(UInt16.self, from: 65001)
        #expect(try values(source, UInt16.self) == numbers)
        let next = try open(.bigDataViewer, dataset: "/t00001")
        #expect(next.header.channels == 2 && next.header.part == FilePart(dataset: "/t00001"))
        #expect(try allBytes(next) != allBytes(source))
        let one = try open(.bigDataViewer, dataset: "/t00001/s00/0/cells")
        #expect(try values(one, UInt16.self) == HDF5Sample.counted(UInt16.self, from: 65100))
    }

    @Test func `the newest file format, either byte order and labels of dimensions are read`() throws {
        let source = try open(.newest)
        #expect(source.header.spacing == Spacing(z: 3, y: 2, x: 1, unit: "nanometer"))
        #expect(try values(source, Int32.self) == HDF5Sample.counted(Int32.self))
    }

    @Test func `of MATLAB the rows are rows`() throws {
        let source = try open(.matlab)
        // HDF5 has planes, columns, rows.
        #expect(source.header.extent == Extent(z: 5, y: 6, x: 7) && source.header.element == .float64)
        let given = try open(.matlab, axes: "zyx")
        #expect(given.header.extent == Self.extent)
        let turned = try source.raw(Box(origin: Voxel(z: 1, y: 2, x: 3), extent: Extent(z: 1, y: 1, x: 1)))
        #expect(try turned == given.raw(Box(origin: Voxel(z: 1, y: 3, x: 2), extent: Extent(z: 1, y: 1, x: 1))))
    }

    @Test(arguments: [HDF5Sample.imaris, .bigDataViewer])
    func `labels of several time points are taken only if one is named`(sample: HDF5Sample) throws {
        var hints = VolumeHints()
        hints.areLabels = true
        let part = try #require(try open(sample).header.part)
        #expect {
            _ = try openVolume(at: sample.url, hints: hints, scratch: folder.url)
        } throws: { error in
            "\(error)".contains("the file has 2 time points") && "\(error)".contains("dataset=\(part.dataset ?? "?")")
        }
        hints.dataset = part.dataset
        #expect(try openVolume(at: sample.url, hints: hints, scratch: folder.url).header.part?.remarks == [])
    }

    @Test func `booleans, half floats and planes are read`() throws {
        let mask = try open(.others, dataset: "mask")
        #expect(mask.header.element == .uint8)
        #expect(try allBytes(mask) == HDF5Sample.counted(UInt8.self).map { $0 % 2 })
        let half = try open(.others, dataset: "half")
        let numbers = try allBytes(half).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        #expect(numbers.prefix(100) == HDF5Sample.counted(Int.self).map(Float.init).prefix(100))
        #expect(try open(.others, dataset: "plane").header.extent == Extent(z: 1, y: 7, x: 6))
    }

    @Test func `axes without names are taken where they are clear, and asked for where they are not`() throws {
        let channels = try open(.others, dataset: "channels")
        #expect(channels.header.channels == 2 && channels.header.extent == Self.extent)
        refuses(.others, dataset: "last", saying: "axes=zyxc")
        #expect(try allBytes(open(.others, dataset: "last", axes: "zyxc")) == allBytes(channels))
        refuses(.others, dataset: "colours", saying: "axes=yxc")
        #expect(try open(.others, dataset: "colours", axes: "yxc").header.channels == 3)
        refuses(.others, dataset: "last", axes: "zyx", saying: "names 3 axes")
        refuses(.others, dataset: "last", axes: "zyxq", saying: "letters of t, c, z, y and x")
        refuses(.others, dataset: "mask", axes: "czy", saying: "y and x must be among them")
    }

    @Test func `time points of one channel are channels, with the tags' resolution`() throws {
        let series = try open(.others, dataset: "series")
        #expect(series.header.channels == 2 && series.header.spacing == Spacing(z: 0.5, y: 0.5, x: 0.5))
        refuses(.others, dataset: "channels", axes: "tcyx", saying: "time points")
    }

    @Test func `dataset= is refused for formats without datasets`() throws {
        let file = folder.url.appending(path: "a.npy")
        try writeVolume(randomVolume(.sample(.uint8)), as: .npy, to: file)
        #expect {
            _ = try openVolume(at: file, hints: VolumeHints(dataset: "/a"), scratch: folder.url)
        } throws: { "\($0)".contains("NPY (.npy), which has none") }
    }
}
