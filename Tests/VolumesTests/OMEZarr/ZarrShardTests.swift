import Foundation
import JSON
import TestSupport
import Testing
import Volumes

@Suite struct ZarrShardTests {
    @Test func `a file of several chunks is read as the voxels that were packed`() throws {
        let folder = try TemporaryFolder()
        let volume = try randomVolume(VolumeHeader(extent: Extent(z: 3, y: 5, x: 7), element: .uint16))
        let (chunk, file) = (Extent(z: 2, y: 4, x: 4), Extent(z: 4, y: 4, x: 8))
        let image = OMEImage(
            name: "a", isLabels: true, levels: Pyramid(of: volume.header).levels,
            legend: [OMEChannel(name: "b", color: "#102030")])
        let array = image.array(of: image.levels[0], chunk: chunk, shard: file, element: .uint16)
        let tree = ZarrTree.group(
            attributes: OMEZarrVersion.v05.attributes(image.attributes(.v05)),
            [.init(name: "0", node: .array(array))])
        let documents = tree.files(.v05)
        #expect(documents.map(\.path) == ["0/zarr.json", "zarr.json"])
        for (path, document) in documents { try write(Array(document.text.utf8), path, folder) }
        for y in 0..<2 {
            let chunks = try [(0, 0), (0, 4), (2, 0), (2, 4)].map { z, x -> [UInt8]? in
                let box = Box(origin: Voxel(z: z, y: 4 * y, x: x), extent: chunk)
                    .intersection(Box(extent: volume.header.extent))
                return try BloscChunk.pack(
                    volume.raw(box), of: box.extent, in: chunk, fill: 0, element: .uint16)
            }
            try write(ZarrShard.file(of: chunks), "0/c/0/\(y)/0", folder)
        }
        let source = try ZarrFolderVolume(folder.url)
        #expect(try allBytes(source) == volume.bytes)
        // One that holds nothing, and a byte that is wrong in the index.
        var file0 = ZarrShard.file(of: [nil, nil, nil, nil])
        #expect(file0.count == 68)
        try write(file0, "0/c/0/0/0", folder)
        #expect(try allBytes(ZarrFolderVolume(folder.url)).prefix(14) == [UInt8](repeating: 0, count: 14)[...])
        file0[3] ^= 1
        try write(file0, "0/c/0/0/0", folder)
        #expect { try allBytes(ZarrFolderVolume(folder.url)) } throws: { "\($0)".contains("checksum") }
    }

    private func write(_ bytes: [UInt8], _ path: String, _ folder: TemporaryFolder) throws {
        let file = folder.url.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    @Test func `a group's document comes after those of all that is in it`() {
        let header = VolumeHeader(extent: Extent(z: 1, y: 1, x: 1), element: .uint8)
        let image = OMEImage(name: "a", isLabels: true, levels: Pyramid(of: header).levels, legend: [])
        let array = ZarrTree.array(
            image.array(of: image.levels[0], chunk: image.levels[0].extent, element: .uint8))
        let inner = ZarrTree.group(attributes: [:], [.init(name: "0", node: array)])
        let tree = ZarrTree.group(attributes: [:], [.init(name: "0", node: array), .init(name: "b", node: inner)])
        #expect(
            tree.files(.v04).map(\.path) == [
                "0/.zarray", "b/0/.zarray", "b/.zmetadata", "b/.zgroup", "b/.zattrs", ".zmetadata", ".zgroup",
                ".zattrs",
            ])
    }
}
