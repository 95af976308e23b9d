import Foundation
import Store
import Testing
import Volumes

@Suite struct VolumeTests {
    private let fixture: StoreFixture
    private let extent = Extent(z: 4, y: 5, x: 6)

    init() throws { fixture = try StoreFixture() }

    private func put(
        _ project: ProjectRecord, _ extent: Extent, hash: Character, value: UInt8 = 1, replace: Bool = false,
        spacing: Spacing = Spacing()
    ) async throws -> (volume: VolumeRecord, change: VolumeChange, grid: VoxelGridID) {
        let grid = try fixture.grid(
            extent, values: [UInt8](repeating: value, count: extent.voxels), spacing: spacing)
        let result = try await fixture.store.putVolume(
            project: project.id, name: "v", grid: grid, statistics: [StoreFixture.statistics],
            sha256: StoreFixture.hash(hash),
            bytes: extent.voxels, replace: replace)
        return (result.volume, result.change, grid)
    }

    private func annotate(_ volume: VolumeRecord) async throws {
        _ = try await fixture.store.postAnnotations(
            volume: volume.id,
            [NewAnnotation(at: SlicePosition(.z, 0), rows: 5, columns: 6, values: [UInt8](repeating: 1, count: 30))])
    }

    @Test func `the same content again changes nothing and leaves no voxels behind`() async throws {
        let project = try await fixture.project()
        let first = try await put(project, extent, hash: "a")
        #expect(first.change == .created)
        let second = try await put(project, extent, hash: "a")
        #expect(second.change == .same && second.volume == first.volume)
        #expect(await failure { _ = try fixture.store.source(grid: second.grid) }?.isNotFound == true)
        #expect(try await fixture.store.volumes(project: project.id) == [first.volume])
        #expect(try await fixture.store.volume(id: first.volume.id) == first.volume)
    }

    @Test func `other content is a conflict unless it replaces`() async throws {
        let project = try await fixture.project()
        let first = try await put(project, extent, hash: "a")
        try await annotate(first.volume)
        let prediction = try await fixture.predict(first.volume, try await fixture.model(in: project))
        #expect(await failure { _ = try await put(project, extent, hash: "b") }?.isConflict == true)
        #expect(
            await failure { _ = try await put(project, extent, hash: "a", spacing: Spacing(z: 3)) }?.isConflict == true)

        let second = try await put(project, extent, hash: "b", value: 9, replace: true)
        #expect(second.change == .replaced && second.volume.id == first.volume.id)
        #expect(second.volume.image == second.grid && second.volume.sha256 == StoreFixture.hash("b"))
        #expect(try bytes(try fixture.store.source(grid: second.grid)) == [UInt8](repeating: 9, count: 120))
        #expect(await failure { _ = try fixture.store.source(grid: first.grid) }?.isNotFound == true)
        #expect(try await fixture.store.currentAnnotations(volume: first.volume.id).count == 1)
        #expect(try await fixture.store.predictions(volume: first.volume.id).isEmpty)
        #expect(await failure { _ = try fixture.store.source(grid: prediction.labels) }?.isNotFound == true)
    }

    @Test func `an annotated volume keeps its shape, another one may change it`() async throws {
        let project = try await fixture.project()
        let first = try await put(project, extent, hash: "a")
        let small = Extent(z: 2, y: 2, x: 2)
        #expect(try await put(project, small, hash: "b", replace: true).volume.header.extent == small)
        _ = try await put(project, extent, hash: "c", replace: true)
        try await annotate(first.volume)
        _ = try await fixture.store.clear(volume: first.volume.id, at: SlicePosition(.z, 0))
        let error = await failure { _ = try await put(project, small, hash: "d", replace: true) }
        #expect(error?.isConflict == true && "\(error.map { "\($0)" } ?? "")".contains("4×5×6"))
        #expect(try await fixture.store.volume(project: project.id, name: "v").header.extent == extent)
    }

    @Test func `deleting a volume gives its space back`() async throws {
        let project = try await fixture.project()
        let large = Extent(z: 64, y: 512, x: 512)
        var random = Volumes.Random(seed: 1)
        let noise = (0..<large.voxels / 8).map { _ in random.next() }
        let writer = try fixture.store.makeGrid(header: VolumeHeader(extent: large, element: .uint8))
        try noise.withUnsafeBytes { try writer.write(box: Box(extent: large), channel: 0, $0) }
        _ = try await fixture.store.putVolume(
            project: project.id, name: "v", grid: try writer.finish(), statistics: [StoreFixture.statistics],
            sha256: StoreFixture.hash("a"), bytes: large.voxels)
        try await fixture.store.checkpoint()
        #expect(fixture.store.databaseSize > 16 << 20)
        try await fixture.store.deleteVolume(project: project.id, name: "v")
        try await fixture.store.checkpoint()
        #expect(fixture.store.databaseSize < 4 << 20)
        #expect(
            await failure { try await fixture.store.deleteVolume(project: project.id, name: "v") }?.isNotFound == true)
    }

    @Test func `a truth is set, replaced and removed`() async throws {
        let project = try await fixture.project()
        let volume = try await put(project, extent, hash: "a").volume
        let first = try fixture.grid(extent, values: [UInt8](repeating: 2, count: 120))
        #expect(try await fixture.store.setTruth(volume: volume.id, grid: first).volume.truth == first)
        let second = try fixture.grid(extent, values: [UInt8](repeating: 255, count: 120))
        #expect(try await fixture.store.setTruth(volume: volume.id, grid: second).volume.truth == second)
        #expect(await failure { _ = try fixture.store.source(grid: first) }?.isNotFound == true)
        #expect(try await fixture.store.setTruth(volume: volume.id, grid: nil).volume.truth == nil)
        #expect(await failure { _ = try fixture.store.source(grid: second) }?.isNotFound == true)
    }

    @Test func `a truth that doesn't fit is refused`() async throws {
        let project = try await fixture.project()
        let volume = try await put(project, extent, hash: "a").volume
        let wrong = [
            try fixture.grid(Extent(z: 4, y: 5, x: 7)), try fixture.grid(extent, element: .uint16),
            try fixture.grid(extent, channels: 2), try fixture.grid(extent, values: [UInt8](repeating: 3, count: 120)),
        ]
        for grid in wrong {
            #expect(
                await failure { try await fixture.store.setTruth(volume: volume.id, grid: grid) }?.isConstraint == true)
        }
    }

    @Test func `a volume of a project that is gone is refused and its voxels are removed`() async throws {
        let project = try await fixture.project()
        try await fixture.store.deleteProject(named: "kidney")
        #expect(await failure { _ = try await put(project, extent, hash: "a") }?.isNotFound == true)
        #expect(
            await failure { _ = try await fixture.store.volume(project: project.id, name: "v") }?.isNotFound == true)
    }
}
