import Testing
import Training
import Volumes

@Suite struct TilingTests {
    @Test(arguments: 0..<60)
    func `cores cover every volume exactly once and lie in their tiles`(seed: UInt64) {
        var random = Random(seed: seed)
        let step = 1 << Int.random(in: 0...3, using: &random)
        let volume = extent(1...60, &random)
        var output = extent(1...4, &random)
        var halo = Extent(z: 0, y: 0, x: 0)
        for axis in Axis.allCases {
            output[axis] *= step
            halo[axis] = Int.random(in: 0...output[axis], using: &random)
        }
        let valid = Bool.random(using: &random)
        // What valid padding leaves is no multiple of what is pooled.
        if valid { for axis in Axis.allCases { output[axis] -= Int.random(in: 0..<step, using: &random) } }
        let margin = valid ? Extent(z: 3, y: 4, x: 5) : Extent(z: 0, y: 0, x: 0)
        let tiling = Tiling(
            volume: volume, output: output, halo: halo, margin: margin, step: Extent(z: step, y: step, x: step))
        var seen = [Int](repeating: 0, count: volume.voxels)
        for tile in tiling.tiles {
            #expect(tile.output.contains(tile.core))
            #expect(tile.output.extent == output)
            #expect(!tile.core.isEmpty)
            for axis in Axis.allCases { #expect(tile.input.extent[axis] == output[axis] + 2 * margin[axis]) }
            for z in tile.core.range(.z) {
                for y in tile.core.range(.y) {
                    for x in tile.core.range(.x) { seen[(z * volume.y + y) * volume.x + x] += 1 }
                }
            }
        }
        #expect(seen.allSatisfy { $0 == 1 })
        #expect(tiling.count == tiling.tiles.count)
    }

    @Test func `a volume that fits a tile is one, though no multiple of a step`() {
        let output = Extent(z: 100, y: 4, x: 36)
        let tiling = Tiling(
            volume: output, output: output, halo: Extent(z: 0, y: 0, x: 0), margin: Extent(z: 20, y: 20, x: 20),
            step: Extent(z: 8, y: 8, x: 8))
        #expect(tiling.count == 1)
    }

    @Test func `tiles smaller than a step lie side by side`() {
        let tiling = Tiling(
            volume: Extent(z: 20, y: 1, x: 1), output: Extent(z: 4, y: 4, x: 4), halo: Extent(z: 0, y: 0, x: 0),
            margin: Extent(z: 20, y: 20, x: 20), step: Extent(z: 8, y: 8, x: 8))
        #expect(tiling.tiles.map(\.core.origin.z) == [0, 4, 8, 12, 16])
    }

    @Test func `inner tiles see the halo on every side, outer ones end with the volume`() {
        let tiling = Tiling(
            volume: Extent(z: 64, y: 16, x: 100), output: Extent(z: 32, y: 16, x: 32), halo: Extent(z: 8, y: 8, x: 8),
            margin: Extent(z: 0, y: 0, x: 0), step: Extent(z: 4, y: 4, x: 4))
        for tile in tiling.tiles {
            for axis in Axis.allCases {
                let size = axis == .z ? 64 : axis == .y ? 16 : 100
                let (input, core) = (tile.input.range(axis), tile.core.range(axis))
                #expect(input.lowerBound == 0 || core.lowerBound - input.lowerBound >= 8)
                #expect(input.upperBound >= size || input.upperBound - core.upperBound >= 8)
                #expect(input.lowerBound % 4 == 0)
                #expect(input.lowerBound >= 0)
            }
        }
    }

    @Test func `a box needs only the tiles that touch it`() {
        let tiling = Tiling(
            volume: Extent(z: 64, y: 64, x: 64), output: Extent(z: 32, y: 32, x: 32), halo: Extent(z: 4, y: 4, x: 4),
            margin: Extent(z: 0, y: 0, x: 0), step: Extent(z: 4, y: 4, x: 4))
        let plane = Box(slice: SlicePosition(.z, 5), of: Extent(z: 64, y: 64, x: 64))
        let tiles = tiling.tiles(touching: plane)
        #expect(tiles.count * 3 == tiling.count)
        #expect(tiles.allSatisfy { !$0.core.intersection(plane).isEmpty })
    }

    private func extent(_ range: ClosedRange<Int>, _ random: inout Random) -> Extent {
        Extent(
            z: Int.random(in: range, using: &random), y: Int.random(in: range, using: &random),
            x: Int.random(in: range, using: &random))
    }
}
