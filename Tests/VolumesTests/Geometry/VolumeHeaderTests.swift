import Testing
import Volumes

@Suite struct VolumeHeaderTests {
    /// 5 planes of 7 rows of 6 voxels.
    let header = VolumeHeader.sample(.uint16)

    @Test(arguments: [0, 1, 2, 3, 11, 12, 13, 24, 36, 83, 84, 85, 168, 300, 420, 1 << 20])
    func `slabs are the voxels in their order, so many bytes at a time`(bytes: Int) {
        let extent = header.extent
        var places: [Int] = []
        for box in header.slabs(bytes: bytes) {
            #expect(box.extent.voxels * 2 <= max(bytes, 2))
            for z in box.range(.z) {
                for y in box.range(.y) {
                    for x in box.range(.x) { places.append((z * extent.y + y) * extent.x + x) }
                }
            }
        }
        #expect(places == Array(0..<extent.voxels))
    }

    @Test func `slabs are whole planes, else rows, else parts of rows`() {
        #expect(header.slabs(bytes: 170).map(\.extent) == [2, 2, 1].map { Extent(z: $0, y: 7, x: 6) })
        #expect(header.slabs(bytes: 83).prefix(3).map(\.extent.y) == [6, 1, 6])
        #expect(header.slabs(bytes: 8).prefix(3).map(\.extent.x) == [4, 2, 4])
        #expect(VolumeHeader.sample(.uint16, z: 130).slabs().map(\.extent.z) == [64, 64, 2])
    }
}
