import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct MRCFormatTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A file made by hand of 6 columns, 7 rows and 5 sections, with the words of its header by number.
    func file(_ words: [Int: Int32] = [:], mode: Int32, bigEndian: Bool = false, _ voxels: [UInt8]) throws -> URL {
        var known: [Int: Int32] = [
            0: 6, 1: 7, 2: 5, 3: mode, 7: 6, 8: 7, 9: 5, 10: float(12), 11: float(7), 12: float(25), 16: 1, 17: 2,
            18: 3, 22: 1,
        ]
        known.merge(words) { $1 }
        var bytes = [UInt8](repeating: 0, count: 1024)
        for (index, word) in known {
            for byte in 0..<4 {
                let shift = bigEndian ? 24 - 8 * byte : 8 * byte
                bytes[index * 4 + byte] = UInt8(truncatingIfNeeded: word >> Int32(shift))
            }
        }
        bytes.replaceSubrange(
            208..<216, with: Array("MAP ".utf8) + (bigEndian ? [0x11, 0x11, 0, 0] : [0x44, 0x44, 0, 0]))
        return try folder.file("sample.mrc", bytes + [UInt8](repeating: 9, count: Int(max(known[23] ?? 0, 0))) + voxels)
    }

    func float(_ value: Float) -> Int32 { Int32(bitPattern: value.bitPattern) }

    func open(_ file: URL, hints: VolumeHints = VolumeHints()) throws -> any VoxelSource {
        try openVolume(at: file, hints: hints, scratch: folder.url, limit: 1 << 24)
    }

    func refuses(_ file: URL, saying reason: String) {
        #expect {
            _ = try open(file)
        } throws: { $0 is VolumeError && "\($0)".contains(reason) }
    }

    @Test(arguments: [
        (Int32(0), ElementType.int8), (1, .int16), (2, .float32), (6, .uint16),
    ])
    func `each mode is read in either byte order, with spacing in ångströms`(mode: Int32, element: ElementType) throws {
        let voxels = try randomVolume(.sample(element)).bytes
        let plain = try open(file(mode: mode, voxels))
        #expect(plain.header.extent == Extent(z: 5, y: 7, x: 6) && plain.header.element == element)
        #expect(plain.header.spacing == Spacing(z: 5, y: 1, x: 2, unit: "angstrom"))
        #expect(plain.header.orientation == nil)
        #expect(try allBytes(plain) == voxels)
        let swapped = stride(from: 0, to: voxels.count, by: element.size).flatMap {
            voxels[$0..<$0 + element.size].reversed()
        }
        #expect(try allBytes(open(file(mode: mode, bigEndian: true, swapped))) == voxels)
    }

    @Test func `half floats become floats`() throws {
        let numbers = (0..<210).map { Float16($0) / 8 - 3 }
        let voxels = numbers.withUnsafeBytes { [UInt8]($0) }
        let source = try open(file(mode: 12, voxels))
        #expect(source.header.element == .float32)
        let read = try allBytes(source).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        #expect(read == numbers.map(Float.init))
        refuses(try file(mode: 12, Array(voxels.dropLast())), saying: "cut off")
    }

    @Test func `columns, rows and sections run along the axes that the header says, behind its extension`() throws {
        let voxels = (0..<210).map { UInt8($0) }
        // Columns are z, rows are x, sections are y.
        let source = try open(file([16: 3, 17: 1, 18: 2, 7: 7, 8: 5, 9: 6, 23: 80], mode: 0, voxels))
        #expect(source.header.extent == Extent(z: 6, y: 5, x: 7))
        let voxel = try source.raw(Box(origin: Voxel(z: 4, y: 3, x: 2), extent: Extent(z: 1, y: 1, x: 1)))
        #expect(voxel == [UInt8(3 * 42 + 2 * 6 + 4)])
    }

    @Test func `IMOD's bytes without a sign have none, and a cell of nothing is no spacing`() throws {
        let voxels = (0..<210).map { UInt8($0) }
        let old = try open(file([38: 1_146_047_817], mode: 0, voxels))
        #expect(old.header.element == .uint8)
        let signed = try open(file([38: 1_146_047_817, 39: 1, 10: 0], mode: 0, voxels))
        #expect(signed.header.element == .int8 && signed.header.spacing == Spacing())
        let given = try open(
            file(mode: 0, voxels), hints: VolumeHints(spacing: Spacing(z: 3, y: 2, x: 1), unit: "nm"))
        #expect(given.header.spacing == Spacing(z: 3, y: 2, x: 1, unit: "nanometer"))
    }

    @Test func `headers that lie are refused with the reason`() throws {
        let voxels = [UInt8](repeating: 1, count: 420)
        for (words, mode, reason) in [
            ([:], 4, "complex numbers"), ([:], 101, "4 bits"), ([:], 77, "mode is 77"),
            ([18: 2], 0, "MAPC, MAPR and MAPS"), ([22: 401, 9: 1], 0, "several volumes"), ([23: -4], 0, "-4 bytes"),
            ([0: -6], 0, "x = -6"), ([2: Int32.max, 1: Int32.max], 1, "no file can hold"), ([2: 50], 0, "cut off"),
            ([10: float(1e36), 11: float(1e36)], 0, "spacing along"),
        ] as [([Int: Int32], Int32, String)] {
            refuses(try file(words, mode: mode, voxels), saying: reason)
        }
    }

    @Test func `gzipped files are read, and nothing else begins like one`() throws {
        let voxels = (0..<210).map { UInt8($0) }
        let packed = try Data(contentsOf: file(mode: 0, voxels)).gzipped(in: folder)
        #expect(try allBytes(open(packed)) == voxels)
        refuses(try folder.file("text", Array("MAP ".utf8) + [UInt8](repeating: 0, count: 2000)), saying: "not known")
    }
}
