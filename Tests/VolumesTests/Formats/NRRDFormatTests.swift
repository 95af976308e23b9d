import TestSupport
import Testing
import Volumes

@Suite struct NRRDFormatTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func open(sizes: String, _ more: String = "", count: Int) throws -> any VoxelSource {
        let head = "NRRD0004\ntype: uint8\ndimension: 4\nsizes: \(sizes)\n\(more)encoding: raw\n\n"
        let file = try folder.file("volume.nrrd", Array(head.utf8) + [UInt8](repeating: 1, count: count))
        return try openVolume(at: file, scratch: folder.url)
    }

    @Test func `channels at the front are taken for nothing else until kinds say what they are`() throws {
        #expect {
            _ = try open(sizes: "3 5 6 7", count: 630)
        } throws: { error in
            "\(error)".contains("kinds: list domain domain domain")
        }
        let first = try open(sizes: "3 5 6 7", "kinds: list domain domain domain\n", count: 630).header
        #expect(first.channels == 3 && first.extent == Extent(z: 7, y: 6, x: 5))
        let last = try open(sizes: "3 5 6 7", "kinds: domain domain domain list\n", count: 630).header
        #expect(last.channels == 7 && last.extent == Extent(z: 6, y: 5, x: 3))
        #expect(try open(sizes: "5 6 7 3", count: 630).header.channels == 3)
        #expect(try open(sizes: "3 2 4 2", count: 48).header.channels == 2)
    }
}
