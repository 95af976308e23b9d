import Testing
import Training
import Volumes

@Suite struct IntensityReaderTests {
    @Test func `features of the image are the same whatever box they are read with`() throws {
        let extent = Extent(z: 12, y: 20, x: 16)
        let image = try Fixtures.volume(extent, spacing: Spacing(z: 2, y: 1, x: 1)) { _, voxel in
            UInt8((voxel.z * 37 + voxel.y * 59 + voxel.x * 83) % 251)
        }
        let filters = InputFilters(smoothed: [1, 2], gradient: [1])
        let reader = try IntensityReader(image, statistics: try ChannelStatistics.measure(image), inputs: filters)
        #expect(reader.channels == 4)
        func read(_ box: Box) throws -> [Float] {
            var values = [Float](repeating: .nan, count: 4 * box.extent.voxels)
            try values.withUnsafeMutableBufferPointer { try reader.read(box, into: $0) }
            return values
        }
        let whole = try read(Box(extent: extent))
        let box = Box(origin: Voxel(z: 3, y: 5, x: 2), extent: Extent(z: 4, y: 6, x: 7))
        let part = try read(box)
        for feature in 0..<4 {
            var place = 0
            for z in box.range(.z) {
                for y in box.range(.y) {
                    for x in box.range(.x) {
                        let there = whole[feature * extent.voxels + (z * extent.y + y) * extent.x + x]
                        #expect(part[feature * box.extent.voxels + place] == there)
                        place += 1
                    }
                }
            }
        }
        // On a slope along z of one deviation per voxel the gradient is what the spacing makes of it.
        let ramp = try Fixtures.volume(Extent(z: 60, y: 8, x: 8), spacing: Spacing(z: 2, y: 1, x: 1)) { _, voxel in
            UInt8(voxel.z)
        }
        let unit = [ChannelStatistics(mean: 30, deviation: 10, minimum: 0, maximum: 59, low: 0, high: 59)]
        let sloped = try IntensityReader(ramp, statistics: unit, inputs: InputFilters(smoothed: [], gradient: [2]))
        var values = [Float](repeating: 0, count: 2)
        let middle = Box(origin: Voxel(z: 30, y: 4, x: 4), extent: Extent(z: 1, y: 1, x: 1))
        try values.withUnsafeMutableBufferPointer { try sloped.read(middle, into: $0) }
        // A tenth per voxel of 2, times the deviation of 2.
        #expect(abs(values[1] - 0.1) < 1e-3)
    }
}
