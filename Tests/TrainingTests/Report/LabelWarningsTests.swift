import Testing
import Training
import Volumes

@Suite struct LabelWarningsTests {
    private let extent = Extent(z: 12, y: 20, x: 20)

    /// Class 1 fills so many columns of the y axis, class 0 the rest.
    private func volume(_ slices: [(Axis, Int)], columns: Int = 8, extent: Extent? = nil) throws -> TrainingVolume {
        let extent = extent ?? self.extent
        let truth = try Fixtures.volume(extent) { _, voxel in voxel.y < columns ? 1 : 0 }
        return TrainingVolume(
            name: "v", image: truth, statistics: try ChannelStatistics.measure(truth),
            slices: try slices.map { try Fixtures.slice($0.0, $0.1, of: truth) })
    }

    private func warnings(
        _ volumes: TrainingVolume..., classes: [String] = ["out", "in"],
        axes: [Axis] = Axis.allCases
    ) -> [String] {
        LabelWarnings.of(volumes, classes: classes, axes: axes)
    }

    @Test func `good labels are nothing to warn of`() throws {
        #expect(try warnings(volume([(.z, 3), (.x, 4)])) == [])
    }

    @Test func `slices on one axis only`() throws {
        let flat = try volume([(.y, 3), (.y, 9)])
        #expect(warnings(flat).count == 1)
        #expect(warnings(flat)[0].contains("axis y"))
        #expect(warnings(flat)[0].contains("z or x"))
        #expect(try warnings(flat, volume([(.z, 3)])) == [])
        // A single plane has no other axis worth annotating.
        #expect(try warnings(volume([(.z, 0)], extent: Extent(z: 1, y: 20, x: 20))) == [])
    }

    @Test func `classes without voxels, with few, and one class alone`() throws {
        let rare = try warnings(volume([(.z, 3), (.x, 4)], columns: 2), classes: ["out", "in", "edge"])
        #expect(rare.count == 2)
        #expect(rare[0].contains("\"in\" has only 64 annotated voxels"))
        #expect(rare[1].contains("No voxel of the class \"edge\""))
        let single = try warnings(volume([(.z, 3), (.x, 4)], columns: 0))
        #expect(single.contains { $0.contains("Every annotated voxel is of the class \"out\"") })
    }

    @Test func `a 2D network leaves slices on other axes out`() throws {
        let found = try warnings(volume([(.z, 3), (.x, 4), (.y, 4)]), axes: [.z])
        #expect(found.count == 1)
        #expect(found[0].contains("1 slice on axis z; 2 on other axes are"))
    }
}
