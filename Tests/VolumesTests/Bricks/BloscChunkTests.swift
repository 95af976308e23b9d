import TestSupport
import Testing
import Volumes

@Suite struct BloscChunkTests {
    private func number(_ chunk: [UInt8], _ place: Int) -> Int {
        (0..<4).reduce(0) { $0 | Int(chunk[place + $1]) << (8 * $1) }
    }

    private static let flags: [(ElementType, UInt8)] = [
        (.uint8, 0x90), (.uint16, 0x91), (.float32, 0x91), (.int64, 0x91),
    ]

    @Test(arguments: flags)
    func `a packed brick stays as it is behind 24 bytes that say what it is`(
        _ element: ElementType, _ flags: UInt8
    ) throws {
        let voxels = (0..<60 * element.size).map { UInt8($0 / 7) }
        let packed = BrickCodec.encode(voxels, element: element)
        let chunk = try BloscChunk.wrap(packed, bytes: voxels.count, element: element)
        #expect(Array(chunk.prefix(4)) == [2, 1, flags, UInt8(element.size)])
        #expect(number(chunk, 4) == voxels.count && number(chunk, 8) == voxels.count)
        #expect(number(chunk, 12) == chunk.count && number(chunk, 16) == 20 && number(chunk, 20) == packed.count)
        #expect(Array(chunk.dropFirst(24)) == packed)
    }

    @Test func `a brick that packs to as many bytes as it has is sent unpacked, as Blosc reads it`() throws {
        var random = SeededGenerator(seed: 1)
        let noise = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) }
        let found = (1...200).lazy.map { noise + [UInt8](repeating: 0, count: $0) }.first {
            BrickCodec.encode($0, element: .uint8).count == $0.count
        }
        let voxels = try #require(found, "no such brick was found")
        let packed = BrickCodec.encode(voxels, element: .uint8)
        let chunk = try BloscChunk.wrap(packed, bytes: voxels.count, element: .uint8)
        #expect(number(chunk, 20) == voxels.count && Array(chunk.dropFirst(24)) == voxels)
    }

    @Test func `voxels at a border are laid at the beginning of a whole chunk`() throws {
        let voxels: [UInt8] = [1, 0, 2, 0, 3, 0, 4, 0]  // 2×2 of uint16
        let chunk = try BloscChunk.pack(
            voxels, of: Extent(z: 1, y: 2, x: 2), in: Extent(z: 2, y: 2, x: 3), fill: 0, element: .uint16)
        let whole = try BrickCodec.decode(Array(chunk.dropFirst(24)), element: .uint16, voxels: 12)
        let values = whole.withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) }
        #expect(values == [1, 2, 0, 3, 4, 0, 0, 0, 0, 0, 0, 0])
        let labels = try BloscChunk.pack(
            [7], of: Extent(z: 1, y: 1, x: 1), in: Extent(z: 1, y: 1, x: 2), fill: 9, element: .uint8)
        #expect(try BrickCodec.decode(Array(labels.dropFirst(24)), element: .uint8, voxels: 2) == [7, 9])
    }
}
