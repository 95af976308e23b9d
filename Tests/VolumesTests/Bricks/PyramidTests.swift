import Testing
import Volumes

@Suite struct PyramidTests {
    private func levels(_ extent: Extent, _ spacing: Spacing = Spacing()) -> [Pyramid.Level] {
        Pyramid(of: VolumeHeader(extent: extent, element: .uint8, spacing: spacing)).levels
    }

    @Test func `a volume that fits into a brick has no level but itself`() {
        let level = levels(Extent(z: 64, y: 1, x: 64))
        #expect(level.map(\.extent) == [Extent(z: 64, y: 1, x: 64)])
        #expect(level[0].factor == Extent(z: 1, y: 1, x: 1))
    }

    @Test func `cubes are halved along all axes until the last level fits into a brick`() {
        let all = levels(Extent(z: 513, y: 512, x: 300), Spacing(z: 0.5, y: 0.5, x: 0.5, unit: "um"))
        #expect(all.map(\.extent.z) == [513, 257, 129, 65, 33])
        #expect(all.map(\.extent.y) == [512, 256, 128, 64, 64])
        #expect(all.map(\.extent.x) == [300, 150, 75, 38, 38])
        #expect(all.map(\.factor.z) == [1, 2, 4, 8, 16] && all.map(\.factor.x) == [1, 2, 4, 8, 8])
        #expect(all.map(\.spacing.z) == [0.5, 1, 2, 4, 8] && all.allSatisfy { $0.spacing.unit == "um" })
    }

    @Test func `the longer voxels are along an axis, the later it is halved`() {
        let all = levels(Extent(z: 200, y: 1024, x: 1024), Spacing(z: 2, y: 0.5, x: 0.5))
        #expect(all.map(\.extent.z) == [200, 200, 200, 100, 50])
        #expect(all.map(\.extent.x) == [1024, 512, 256, 128, 64])
        let thick = levels(Extent(z: 200, y: 512, x: 512), Spacing(z: 5, y: 0.1, x: 0.1))
        #expect(thick.map(\.extent.x) == [512, 256, 128, 64, 64, 64])
        #expect(thick.map(\.extent.z) == [200, 200, 200, 200, 100, 50])
    }

    @Test func `an axis that is short already does not keep the others from being halved`() {
        let all = levels(Extent(z: 40, y: 256, x: 256), Spacing(z: 0.1, y: 1, x: 1))
        #expect(all.map(\.extent.z) == [40, 40, 40] && all.map(\.extent.y) == [256, 128, 64])
        #expect(Pyramid(of: .sample(.uint8, z: 40, y: 256, x: 100)).halvedAxes(of: 1) == [.y, .x])
        #expect(Pyramid(of: .sample(.uint8, z: 40, y: 256, x: 100)).halvedAxes(of: 2) == [.y])
    }

    @Test(arguments: [0, -1, .nan, .infinity, 1e308])
    func `a spacing that can't be right leads to an end, too`(length: Double) {
        let all = levels(Extent(z: 1 << 20, y: 1 << 20, x: 1 << 20), Spacing(z: length, y: 1, x: length))
        #expect(all.count <= 43)
        #expect(all.last?.extent == Extent(z: 64, y: 64, x: 64))
    }
}
