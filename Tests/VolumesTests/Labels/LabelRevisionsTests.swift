import Testing
import Volumes

@Suite struct LabelRevisionsTests {
    private let extent = Extent(z: 4, y: 5, x: 6)
    private var grid: VolumeHeader { VolumeHeader(extent: extent, element: .uint8) }

    /// The revisions from annotated slices to a label volume.
    private func revisions(
        from slices: [AnnotatedSlice], to wanted: [UInt8], budget: Int = 1 << 20
    ) throws -> (difference: LabelDifference, slices: [AnnotatedSlice]) {
        var taken: [AnnotatedSlice] = []
        let difference = try LabelRevisions.make(
            from: SparseLabels(of: grid, slices: slices), annotated: slices.map(\.position),
            to: InMemoryVolume(header: grid, bytes: wanted), budget: budget,
            slice: { position in try #require(slices.last { $0.position == position }) }, take: { taken.append($0) })
        return (difference, taken)
    }

    private func merged(_ slices: [AnnotatedSlice]) throws -> [UInt8] {
        try SparseLabels(of: grid, slices: slices).labels(Box(extent: extent))
    }

    private func plane(_ axis: Axis, _ index: Int, _ value: (Int) -> UInt8) -> AnnotatedSlice {
        let position = SlicePosition(axis, index)
        return AnnotatedSlice(at: position, values: (0..<position.voxels(in: extent)).map(value))
    }

    private func random(_ seed: UInt64) -> (slices: [AnnotatedSlice], random: Random) {
        var random = Random(seed: seed)
        var slices: [AnnotatedSlice] = []
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            let axis = Axis.allCases.randomElement(using: &random) ?? .z
            let slice = plane(axis, Int.random(in: 0..<extent[axis], using: &random)) { _ in
                [0, 1, 2, 255].randomElement(using: &random) ?? 0
            }
            slices.removeAll { $0.position == slice.position }
            slices.append(slice)
        }
        return (slices, random)
    }

    @Test(arguments: 0..<40) func `the merged slices with their revisions are the label volume`(seed: Int) throws {
        var (slices, random) = random(UInt64(seed))
        var wanted = try merged(slices)
        for _ in 0..<seed { wanted[Int.random(in: 0..<wanted.count, using: &random)] = [0, 1, 2, 255][seed % 4] }
        let (difference, revised) = try revisions(from: slices, to: wanted)
        let replaced = slices.filter { slice in !revised.contains { $0.position == slice.position } }
        #expect(try merged(replaced + revised) == wanted)
        #expect(try revisions(from: slices, to: wanted, budget: 1).slices == revised)
        #expect(difference.isEmpty == revised.isEmpty)
        let before = try merged(slices)
        #expect(difference.labelled == zip(before, wanted).count { $0 == 255 && $1 != 255 })
        #expect(difference.erased == zip(before, wanted).count { $0 != 255 && $1 == 255 })
        #expect(difference.relabelled == zip(before, wanted).count { $0 != $1 && $0 != 255 && $1 != 255 })
    }

    @Test func `what is unchanged makes no revision, one voxel makes one of the slice that holds it`() throws {
        let slices = [plane(.z, 1) { $0 < 10 ? 255 : 0 }, plane(.x, 5) { _ in 1 }]
        var wanted = try merged(slices)
        #expect(try revisions(from: slices, to: wanted).slices.isEmpty)
        // z 1, y 4, x 2.
        wanted[30 + 4 * 6 + 2] = 2
        let (difference, revised) = try revisions(from: slices, to: wanted)
        #expect(revised.map(\.position) == [SlicePosition(.z, 1)])
        #expect(difference.relabelled == 1 && difference.labelled == 0 && difference.erased == 0)
    }

    @Test func `an older slice that is revised does not bring back what a newer one had changed`() throws {
        let slices = [plane(.z, 1) { _ in 0 }, plane(.y, 2) { _ in 1 }]
        var wanted = try merged(slices)
        wanted[30] = 2
        let revised = try revisions(from: slices, to: wanted).slices
        #expect(revised.map(\.position) == [SlicePosition(.z, 1)])
        #expect(try merged(slices + revised) == wanted)
    }

    @Test func `what is erased is unlabeled, and a slice without a label is empty`() throws {
        let slices = [plane(.z, 1) { _ in 0 }, plane(.y, 2) { _ in 1 }]
        let wanted = try merged([slices[1]])
        let (difference, revised) = try revisions(from: slices, to: wanted)
        #expect(difference.erased == 24)
        #expect(revised.count == 1 && revised[0].position == SlicePosition(.z, 1))
        #expect(revised[0].values.enumerated().allSatisfy { $0.element == ($0.offset / 6 == 2 ? 1 : 255) })
        let all = try revisions(from: slices, to: [UInt8](repeating: 255, count: 120)).slices
        #expect(all.count == 2 && all.allSatisfy { $0.values.allSatisfy { $0 == 255 } })
    }

    @Test func `partly labelled planes on several axes come back as these planes`() throws {
        let slices = [
            plane(.z, 2) { $0 % 3 == 0 ? 255 : 1 }, plane(.x, 4) { $0 % 4 == 0 ? 255 : 0 },
            plane(.y, 0) { $0 < 6 ? 255 : 2 },
        ]
        let wanted = try merged(slices)
        let new = try revisions(from: [], to: wanted).slices
        #expect(Set(new.map(\.position)) == Set(slices.map(\.position)))
        #expect(try merged(new) == wanted)
    }

    @Test func `a volume labelled everywhere is taken along the axis with the fewest planes`() throws {
        let new = try revisions(from: [], to: [UInt8](repeating: 1, count: 120)).slices
        #expect(new.map(\.position) == (0..<4).map { SlicePosition(.z, $0) })
    }
}
