import Network
import Testing
import Training
import Volumes

@Suite struct BlockPlanTests {
    private func plan(
        _ extent: Extent, _ network: UNetConfiguration, memory: Int, channels: Int = 1
    ) throws -> BlockPlan {
        let header = VolumeHeader(channels: channels, extent: extent, element: .uint8)
        return try BlockPlan(
            volume: header, network: network.graph, recipe: Preset.default.recipe, memory: memory)
    }

    @Test(arguments: [
        (Extent(z: 21544, y: 21544, x: 21544), 3), (Extent(z: 5, y: 3000, x: 70), 3), (Extent(z: 65, y: 64, x: 1), 3),
        (Extent(z: 500, y: 500, x: 500), 2),
    ])
    func `blocks are whole chunks, and every voxel is of one of them`(extent: Extent, dimensions: Int) throws {
        let network = UNetConfiguration(classes: 3, base: 8, levels: 3, dimensions: dimensions)
        let plan = try plan(extent, network, memory: 1 << 30)
        for axis in Axis.allCases {
            #expect(plan.chunk[axis] == min(64, extent[axis]))
            #expect(plan.block[axis] % plan.chunk[axis] == 0)
            #expect(plan.counts[axis] == (extent[axis] + plan.block[axis] - 1) / plan.block[axis])
            #expect(plan.tile[axis] >= min(plan.block[axis], extent[axis]))
        }
        let last = plan.box(of: plan.count - 1)
        #expect(Axis.allCases.allSatisfy { last.range($0).upperBound == extent[$0] })
        #expect(plan.box(of: 0).origin == .zero && !last.isEmpty)
        if plan.count < 1000 {
            #expect((0..<plan.count).reduce(0) { $0 + plan.box(of: $1).extent.voxels } == extent.voxels)
        }
        if dimensions == 2 { #expect(plan.halo.z == 0 && plan.tile.z <= plan.block.z) }
    }

    @Test func `more memory costs less computation, and too little is refused with what is enough`() throws {
        let network = UNetConfiguration(classes: 2, base: 16, levels: 3)
        let extent = Extent(z: 1000, y: 1000, x: 1000)
        let sizes = try [256, 1024, 4096].map { mebibytes in
            let plan = try plan(extent, network, memory: mebibytes << 20)
            #expect(plan.tile.voxels * 4 * (6 * 16 + 1 + 4) < mebibytes << 20)
            return Double(plan.tile.voxels) / Double(plan.block.voxels)
        }
        #expect(sizes == sizes.sorted(by: >) && sizes[2] < 2.5)
        // Smaller chunks before none.
        #expect(try plan(extent, network, memory: 256 << 20).chunk.x == 32)
        #expect {
            try plan(extent, network, memory: 1 << 20)
        } throws: { "\($0)".contains("memory: of 1 MiB is less than the smallest tile of this network takes") }
        #expect {
            try plan(extent, network, memory: 1 << 30, channels: 2)
        } throws: { "\($0)" == "The model takes 1 channel; the volume has 2." }
    }
}
