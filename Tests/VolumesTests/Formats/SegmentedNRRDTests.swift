import Foundation
import TestSupport
import Testing
import Volumes

/// Segmentations of 3D Slicer (`.seg.nrrd`).
@Suite struct SegmentedNRRDTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static var hints: VolumeHints {
        var hints = VolumeHints()
        hints.areLabels = true
        return hints
    }

    func open(_ bytes: [UInt8]) throws -> any VoxelSource {
        try openVolume(at: folder.file("sample.seg.nrrd", bytes), hints: Self.hints, scratch: folder.url)
    }

    /// A file of 2×2×2 voxels in some layers, side by side as 3D Slicer writes them.
    func layered(_ layers: [[UInt8]], _ segments: [String]) -> [UInt8] {
        let head = """
            NRRD0004
            type: unsigned char
            dimension: 4
            sizes: \(layers.count) 2 2 2
            kinds: list domain domain domain
            encoding: raw
            \(segments.joined(separator: "\n"))


            """
        return Array(head.utf8) + (0..<8).flatMap { voxel in layers.map { $0[voxel] } }
    }

    func segment(_ index: Int, _ name: String, value: Int, layer: Int) -> String {
        "Segment\(index)_Name:=\(name)\nSegment\(index)_LabelValue:=\(value)\nSegment\(index)_Layer:=\(layer)"
    }

    @Test func `labels go out with names and colours, one above their class, and come in as segments`() throws {
        let labels: [UInt8] = [0, 1, 2, 255, 254, 255, 0, 1]
        let volume = try InMemoryVolume(
            header: VolumeHeader(extent: Extent(z: 2, y: 2, x: 2), element: .uint8), bytes: labels)
        let file = folder.url.appending(path: "labels.seg.nrrd")
        let look = VolumeLook.labels(
            [Color(red: 255, green: 0, blue: 51), .white], names: ["in side", "a\\b\u{7}ä", "c"])
        try writeVolume(volume, as: .segmentation, to: file, look: look)
        let text = String(decoding: try Data(contentsOf: file).dropLast(8), as: UTF8.self)
        for line in [
            "Segment0_Name:=in side", "Segment0_Color:=1.0 0.0 0.2", "Segment0_LabelValue:=1",
            "Segment1_Name:=a\\\\b ä",
            "Segment0_Extent:=0 1 0 1 0 1", "Segmentation_ContainedRepresentationNames:=Binary labelmap|",
        ] {
            #expect(text.contains(line + "\n"), "\(line)")
        }
        let read = try openVolume(at: file, hints: Self.hints, scratch: folder.url)
        #expect(try allBytes(read) == [1, 2, 3, 0, 255, 0, 1, 2])
        let segments = [("in side", 1), ("a\\b ä", 2), ("c", 3)].map { LabelSegment(name: $0, value: $1) }
        #expect(read.segments == segments)
        #expect(try LabelVolume(read).kind == .segments(segments))
        // As an image it has numbers.
        #expect(try openVolume(at: file, scratch: folder.url).segments == nil)
    }

    @Test func `what is no labels with names is refused`() throws {
        let file = folder.url.appending(path: "image.seg.nrrd")
        for (element, look) in [
            (ElementType.uint8, nil), (.float32, VolumeLook.share), (.uint16, .labels([.white], names: ["a"])),
        ] {
            #expect {
                try writeVolume(randomVolume(.sample(element)), as: .segmentation, to: file, look: look)
            } throws: { "\($0)".contains("choose nrrd") }
        }
        #expect(!FileManager.default.fileExists(atPath: file.path))
        #expect(VolumeFormat(fileName: "A.SEG.NRRD") == .segmentation && VolumeFormat(fileName: "a.nrrd") == .nrrd)
    }

    @Test func `layers that don't overlap are one, with the segments' own numbers`() throws {
        let source = try open(
            layered(
                [[3, 0, 0, 0, 3, 0, 0, 0], [0, 5, 0, 0, 0, 7, 0, 0]],
                [
                    segment(0, "a", value: 3, layer: 0), segment(1, "b", value: 5, layer: 1),
                    segment(2, "c", value: 7, layer: 1),
                ]))
        #expect(source.header.channels == 1)
        let values = try allBytes(source).withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) }
        #expect(values == [3, 5, 0, 0, 3, 7, 0, 0])
        #expect(source.segments?.map(\.value) == [3, 5, 7])
    }

    @Test func `where layers have the same numbers the segments are counted`() throws {
        let source = try open(
            layered(
                [[1, 0, 0, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0, 0]],
                [segment(0, "a", value: 1, layer: 1), segment(1, "b", value: 1, layer: 0)]))
        let values = try allBytes(source).withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) }
        #expect(values == [2, 1, 0, 0, 0, 0, 0, 0])
        #expect(source.segments?.allSatisfy(\.isCounted) == true)
    }

    @Test func `a voxel in two segments, or in none that is named, is refused with its place`() throws {
        let names = [segment(0, "liver", value: 1, layer: 0), segment(1, "tumor", value: 1, layer: 1)]
        let overlapping = try open(
            layered([[0, 0, 0, 0, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0, 1, 0]], names))
        #expect {
            _ = try allBytes(overlapping)
        } throws: {
            "\($0)".contains("\"liver\" and \"tumor\" overlap at z 1, y 1, x 0") && "\($0)".contains("Subtract")
        }
        let unnamed = try open(layered([[0, 0, 9, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0]], names))
        #expect {
            _ = try allBytes(unnamed)
        } throws: { "\($0)".contains("layer 0 of the NRRD file has a value at z 0, y 1, x 0") }
        for wrong in [
            [segment(0, "a", value: 1, layer: 2)],
            [segment(0, "a", value: 1, layer: 0), segment(1, "b", value: 1, layer: 0)],
        ] {
            #expect(throws: VolumeError.self) {
                _ = try open(layered([[UInt8](repeating: 0, count: 8), [UInt8](repeating: 0, count: 8)], wrong))
            }
        }
    }
}
