import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct NPYFormatTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func open(_ header: String, _ data: [UInt8], version: UInt8 = 1, hints: VolumeHints = VolumeHints()) throws
        -> any VoxelSource
    {
        let length = UInt32(header.utf8.count)
        let size =
            version == 1
            ? [UInt8(length & 255), UInt8(length >> 8)] : (0..<4).map { UInt8(length >> (8 * $0) & 255) }
        let file = try folder.file(
            "array.npy", [0x93] + Array("NUMPY".utf8) + [version, 0] + size + Array(header.utf8) + data)
        return try openVolume(at: file, hints: hints, scratch: folder.url)
    }

    @Test(arguments: [1, 2, 3] as [UInt8]) func `all header versions are read`(version: UInt8) throws {
        let source = try open(
            "{'descr': '<u2', 'fortran_order': False, 'shape': (1, 2, 3), }", Array(0..<12), version: version)
        #expect(source.header.extent == Extent(z: 1, y: 2, x: 3))
        #expect(try allBytes(source) == Array(0..<12))
    }

    @Test func `axes say which axis is which`() throws {
        let data = (0..<24).map { UInt8($0) }
        let source = try open(
            "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3, 4)}", data,
            hints: VolumeHints(spacing: Spacing(z: 3, y: 2, x: 1), unit: "micrometer", axes: "yxz"))
        #expect(source.header.extent == Extent(z: 4, y: 2, x: 3))
        #expect(source.header.spacing == Spacing(z: 3, y: 2, x: 1, unit: "micrometer"))
        #expect(try source.raw(Box(slice: SlicePosition(.z, 1), of: source.header.extent)) == [1, 5, 9, 13, 17, 21])
        let last = try open(
            "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 4)}", data, hints: VolumeHints(axes: "zyc"))
        #expect(last.header.channels == 4)
        #expect(try last.raw(Box(extent: last.header.extent), channel: 1) == [6, 8, 10, 7, 9, 11])
    }

    @Test func `what cannot be a volume is refused with the reason`() throws {
        for (header, reason) in [
            ("{'descr': '<c8', 'fortran_order': False, 'shape': (1, 2, 3)}", "c8"),
            ("{'descr': [('a', '<u2')], 'fortran_order': False, 'shape': (1, 2, 3)}", "records"),
            ("{'descr': '<u2', 'fortran_order': False, 'shape': (3,)}", "1 axes"),
            ("{'descr': '<u2', 'fortran_order': False, 'shape': (1, 0, 3)}", "y = 0"),
            ("{'descr': '<u2', 'fortran_order': Maybe, 'shape': (1, 2, 3)}", "True nor False"),
            ("{'descr': '<u2', 'shape': (1, 2, 3)}", "lacks"),
            ("{'descr': '<u2', 'fortran_order': False, 'shape': (1, 2, 4)}", "cut off"),
        ] {
            #expect {
                _ = try open(header, Array(0..<12))
            } throws: { error in
                "\(error)".contains(reason)
            }
        }
        #expect(throws: VolumeError.self) {
            _ = try open(
                "{'descr': '|u1', 'fortran_order': False, 'shape': (1, 2, 3)}", Array(0..<6),
                hints: VolumeHints(axes: "zzy"))
        }
    }

    @Test(arguments: [
        ("(5, 6, 7, 3)", "axes=zyxc", "zyxc", 3), ("(5, 6, 7, 1)", "axes=zyxc", "czyx", 5),
        ("(20, 16, 3)", "axes=yxc", "yxc", 3), ("(20, 16, 3)", "axes=zyx", "zyx", 1),
    ])
    func `channels at the end are taken for nothing else until axes= says what they are`(
        shape: String, remedy: String, axes: String, channels: Int
    ) throws {
        let header = "{'descr': '|u1', 'fortran_order': False, 'shape': \(shape)}"
        let data = [UInt8](repeating: 1, count: 960)
        let narrow = "{'descr': '|u1', 'fortran_order': False, 'shape': (16, 16, 3)}"
        let count = shape.matches(of: #/\d+/#).compactMap { Int($0.output) }.reduce(1, *)
        #expect {
            _ = try open(header, Array(data.prefix(count)))
        } throws: { error in
            "\(error)".contains(remedy)
        }
        let source = try open(header, Array(data.prefix(count)), hints: VolumeHints(axes: axes))
        #expect(source.header.channels == channels)
        var labels = VolumeHints()
        labels.areLabels = true
        #expect(try open(narrow, Array(data.prefix(768)), hints: labels).header.extent.x == 3)
    }

    @Test func `labels are written without a channel axis, so that clients get z, y, x`() throws {
        let url = folder.url.appendingPathComponent("labels.npy")
        try writeVolume(try randomVolume(.sample(.uint8)), as: .npy, to: url)
        let text = String(decoding: try Data(contentsOf: url).prefix(128), as: UTF8.self)
        #expect(text.contains("'shape': (5, 7, 6)"))
    }
}
