import Testing
import Training
import Volumes

@Suite struct SliceUncertaintyTests {
    /// A volume of doubt: high on some planes.
    private func volume(_ extent: Extent, _ value: (Voxel) -> UInt8) throws -> InMemoryVolume {
        try Fixtures.volume(extent) { _, voxel in value(voxel) }
    }

    @Test func `the planes of the most doubt come first, on whichever axis they are`() throws {
        let source = try volume(Extent(z: 16, y: 24, x: 20)) { voxel in
            (voxel.y == 11 ? 100 : 0) + (voxel.x == 4 ? 60 : 0) + (voxel.z == 9 ? 30 : 0) + 1
        }
        let found = try SliceUncertainty.measure(source).suggestions(count: 3, avoiding: [])
        #expect(found.map(\.position.axis) == [.y, .x, .z])
        #expect(found.map(\.position.index) == [11, 4, 9])
        #expect(found[0].score > found[1].score && found[1].score > found[2].score)
    }

    @Test func `neither annotated slices nor each other are crowded`() throws {
        let source = try volume(Extent(z: 64, y: 8, x: 8)) { voxel in (20..<44).contains(voxel.z) ? 200 : 1 }
        let means = try SliceUncertainty.measure(source)
        let found = means.suggestions(count: 6, avoiding: [SlicePosition(.z, 30)]).filter { $0.position.axis == .z }
        #expect(!found.isEmpty)
        let taken = [30] + found.map(\.position.index)
        for (place, index) in taken.enumerated() {
            for other in taken[..<place] { #expect(abs(index - other) >= 3) }
        }
        #expect(
            !means.suggestions(count: 1000, avoiding: [SlicePosition(.z, 30)]).contains {
                $0.position == SlicePosition(.z, 30)
            })
    }

    @Test func `planes at the border come behind others as doubtful`() throws {
        let source = try volume(Extent(z: 32, y: 4, x: 4)) { [0, 1, 15, 16].contains($0.z) ? 200 : 10 }
        let found = try SliceUncertainty.measure(source).suggestions(count: 20, avoiding: []).filter {
            $0.position.axis == .z
        }
        #expect([15, 16].contains(found.first?.position.index))
    }

    @Test func `an axis of a single plane is never suggested, and no doubt suggests nothing`() throws {
        let flat = try volume(Extent(z: 1, y: 12, x: 12)) { _ in 9 }
        #expect(
            try SliceUncertainty.measure(flat).suggestions(count: 8, avoiding: []).allSatisfy { $0.position.axis != .z }
        )
        let sure = try volume(Extent(z: 4, y: 4, x: 4)) { _ in 0 }
        #expect(try SliceUncertainty.measure(sure).suggestions(count: 8, avoiding: []).isEmpty)
    }

    @Test(arguments: [1, 200, 1000, 5000]) func `a large volume is sampled, and every plane still counts`(
        limit: Int
    ) throws {
        // What a plane holds doesn't vary within it, so any sample gives its mean.
        let extent = Extent(z: 20, y: 28, x: 24)
        for axis in Axis.allCases {
            let source = try volume(extent) { UInt8($0[axis] == 13 ? 250 : 10 + $0[axis]) }
            let found = try SliceUncertainty.measure(source, limit: limit, edge: 4).suggestions(count: 1, avoiding: [])
            #expect(found.first?.position.axis == axis)
            #expect(found.first?.position.index == 13)
        }
    }
}
