import Testing
import Training
import Volumes

@Suite struct WarpTests {
    private let plain = Fixtures.plain

    @Test func `a warp without turning, scaling or bending changes nothing`() throws {
        var random = Random(seed: 8)
        let warp = Warp(plain, extent: Extent(z: 4, y: 5, x: 6), spacing: Spacing(z: 5), using: &random)
        let sources = warp.sources(of: Box(origin: Voxel(z: 2, y: -1, x: 3), extent: Extent(z: 4, y: 5, x: 6)))
        var place = 0
        for z in 2..<6 {
            for y in -1..<4 {
                for x in 3..<9 {
                    #expect(abs(sources[place] - Float(z)) < 1e-4)
                    #expect(abs(sources[120 + place] - Float(y)) < 1e-4)
                    #expect(abs(sources[240 + place] - Float(x)) < 1e-4)
                    place += 1
                }
            }
        }
    }

    @Test func `strongly anisotropic data is turned within planes only`() throws {
        var turning = plain
        turning.rotation = .fixed(180)
        var random = Random(seed: 9)
        let extent = Extent(z: 6, y: 6, x: 6)
        for _ in 0..<10 {
            let warp = Warp(turning, extent: extent, spacing: Spacing(z: 5), using: &random)
            let sources = warp.sources(of: Box(extent: extent))
            for place in 0..<extent.voxels { #expect(abs(sources[place] - Float(place / 36)) < 1e-4) }
        }
    }

    @Test func `a patch of one plane is not bent out of it`() throws {
        var bending = plain
        bending.elastic = .init(spacing: 32, sigma: 4)
        var random = Random(seed: 13)
        let plane = Box(origin: Voxel(z: 3, y: 0, x: 0), extent: Extent(z: 1, y: 40, x: 40))
        let warp = Warp(bending, extent: plane.extent, spacing: Spacing(), using: &random)
        let sources = warp.sources(of: plane)
        #expect(sources.prefix(1600).allSatisfy { $0 == 3 })
        #expect(zip(0..<1600, sources[1600..<3200]).contains { abs(Float($0 / 40) - $1) > 1 })
    }

    @Test(arguments: Axis.allCases)
    func `a warp within slices maps each of them to itself`(axis: Axis) throws {
        var bending = plain
        bending.rotation = .fixed(30)
        bending.scale = .fixed(.init(low: 0.8, high: 1.2))
        bending.elastic = .init(spacing: 8, sigma: 2)
        var random = Random(seed: 12)
        let extent = Extent(z: 12, y: 10, x: 14)
        let warp = Warp(bending, extent: extent, spacing: Spacing(), within: axis, using: &random)
        let sources = warp.sources(of: Box(extent: extent))
        let count = extent.voxels
        var moved = false
        for place in 0..<count {
            let voxel = [place / 140, place / 14 % 10, place % 14]
            let number = Axis.allCases.firstIndex(of: axis) ?? 0
            #expect(abs(sources[number * count + place] - Float(voxel[number])) < 1e-4)
            let other = (number + 1) % 3
            moved = moved || abs(sources[other * count + place] - Float(voxel[other])) > 1
        }
        #expect(moved)
    }
}
