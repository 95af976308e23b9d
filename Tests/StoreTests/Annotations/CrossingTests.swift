import Store
import TestSupport
import Testing
import Volumes

@Suite struct CrossingTests {
    private let fixture: StoreFixture
    private let extent = Extent(z: 4, y: 5, x: 6)

    init() throws { fixture = try StoreFixture() }

    /// The slice of a label volume that says one value everywhere but for some voxels.
    private func slice(_ axis: Axis, _ index: Int, _ value: (Voxel) -> UInt8) -> NewAnnotation {
        let plane = Box(slice: SlicePosition(axis, index), of: extent)
        let values = plane.range(.z).flatMap { z in
            plane.range(.y).flatMap { y in plane.range(.x).map { x in value(Voxel(z: z, y: y, x: x)) } }
        }
        let (rows, columns) = extent.slice(on: axis)
        return NewAnnotation(at: SlicePosition(axis, index), rows: rows, columns: columns, values: values)
    }

    private func post(_ volume: VolumeRecord, _ slices: NewAnnotation...) async throws -> [Int] {
        try await fixture.store.postAnnotations(volume: volume.id, slices).map(\.conflicts)
    }

    @Test(arguments: Axis.allCases.flatMap { first in Axis.allCases.map { (first, $0) } }.filter { $0 != $1 })
    func `slices on two axes conflict where they cross and differ`(first: Axis, second: Axis) async throws {
        let volume = try await fixture.volume(in: fixture.project())
        // One voxel of the shared line is unlabeled in the first, another in the second, one agrees.
        let free = try #require(Axis.allCases.first { $0 != first && $0 != second })
        _ = try await post(volume, slice(first, 1) { $0[free] == 0 ? 255 : UInt8($0[free] == 2 ? 1 : 0) })
        let conflicts = try await post(volume, slice(second, 2) { $0[free] == 1 ? 255 : 1 })
        #expect(conflicts == [extent[free] - 3])
    }

    @Test func `slices cut from one labelling never conflict`() async throws {
        let volume = try await fixture.volume(in: fixture.project())
        func label(_ voxel: Voxel) -> UInt8 { UInt8((voxel.z * 7 + voxel.y * 5 + voxel.x * 3) % 3) }
        for axis in Axis.allCases {
            for index in 0..<extent[axis] { #expect(try await post(volume, slice(axis, index, label)) == [0]) }
        }
        #expect(try await fixture.store.currentAnnotations(volume: volume.id).count == 15)
        // A single voxel that differs is one conflict, though two slices cross there.
        let odd = slice(.z, 2) { $0.y == 3 && $0.x == 4 ? (label($0) + 1) % 3 : label($0) }
        #expect(try await post(volume, odd) == [1])
    }

    @Test func `parallel slices, cleared and replaced ones don't conflict`() async throws {
        let volume = try await fixture.volume(in: fixture.project())
        _ = try await post(volume, slice(.z, 0) { _ in 0 })
        #expect(try await post(volume, slice(.z, 1) { _ in 1 }) == [0])
        #expect(try await post(volume, slice(.z, 0) { _ in 1 }) == [0])
        // Replaced: z 0 says 1 now.
        #expect(try await post(volume, slice(.y, 0) { _ in 1 }) == [0])
        _ = try await fixture.store.clear(volume: volume.id, at: SlicePosition(.z, 0))
        #expect(try await post(volume, slice(.x, 0) { $0.z == 0 && $0.y != 0 ? 2 : 1 }) == [0])
    }

    @Test func `slices posted together conflict as if posted one after the other`() async throws {
        let project = try await fixture.project()
        let together = try await fixture.volume("together", in: project)
        let apart = try await fixture.volume("apart", in: project)
        let before = [slice(.y, 1) { _ in 2 }, slice(.x, 3) { _ in 0 }, slice(.z, 2) { _ in 1 }]
        let batch = [
            slice(.z, 0) { UInt8($0.x % 3) }, slice(.y, 1) { _ in 0 }, slice(.z, 2) { UInt8($0.y % 2) },
            slice(.x, 3) { $0.y == 1 ? 255 : 1 }, slice(.z, 0) { _ in 255 }, slice(.y, 1) { _ in 1 },
            slice(.z, 0) { _ in 2 }, slice(.x, 0) { _ in 0 },
        ]
        var expected: [Int] = []
        for slice in before {
            _ = try await post(apart, slice)
            _ = try await post(together, slice)
        }
        for slice in batch { expected += try await post(apart, slice) }
        let found = try await fixture.store.postAnnotations(volume: together.id, batch).map(\.conflicts)
        #expect(found == expected && expected.contains { $0 > 0 })
        #expect(
            try await fixture.store.slices(volume: together.id) == (try await fixture.store.slices(volume: apart.id)))
    }

    /// The slices as those of a label volume.
    private func spool(_ slices: [AnnotatedSlice], _ extent: Extent) throws -> SpooledSlices {
        var spool = try SliceSpool(in: fixture.folder.url, extent: extent)
        for slice in slices { try spool.add(slice) }
        return try spool.finish()
    }

    @Test func `slices of a label volume conflict with those that cross them and stay`() async throws {
        let project = try await fixture.project()
        let volume = try await fixture.volume("whole", in: project)
        let (same, extent) = (try await fixture.volume("same", in: project), volume.header.extent)
        for volume in [volume, same] {
            _ = try await post(volume, slice(.x, 3) { _ in 0 }, slice(.y, 4) { _ in 1 }, slice(.z, 2) { _ in 0 })
        }
        // The old slices on x 3 and z 2 are replaced, so that only the one on y 4 is left to differ from.
        let labels = [
            slice(.z, 0) { UInt8($0.x % 3) }, slice(.z, 2) { UInt8($0.x % 3) }, slice(.x, 3) { _ in 0 },
            slice(.x, 5) { _ in 2 },
        ].map { AnnotatedSlice(at: $0.position, values: $0.values) }
        let spooled = try spool(labels, extent)
        let change = try await fixture.store.changeAnnotations(volume: volume.id, spooled, author: "script")
        let posted = try #require(change).revisions
        #expect(posted.map(\.conflicts) == [4, 4, 4, 4])
        #expect(posted.map(\.record.position) == labels.map(\.position))
        #expect(posted.allSatisfy { $0.record.author == "script" && $0.record.counts.values.reduce(0, +) >= 20 })
        let current = try await fixture.store.slices(volume: volume.id)
        #expect(current.suffix(4) == labels[...])
        #expect(try bytes(fixture.store.labels(of: volume)) == bytes(SparseLabels(of: volume.header, slices: current)))
        // Once more, one by one: the labels are the same.
        for label in labels {
            let plane = label.position.plane(in: extent)
            let one = NewAnnotation(
                at: label.position, rows: plane.rows, columns: plane.columns, values: label.values)
            _ = try await fixture.store.postAnnotations(volume: same.id, [one])
        }
        #expect(try bytes(fixture.store.labels(of: same)) == bytes(fixture.store.labels(of: volume)))
    }

    @Test func `a label volume is stored whole or not at all`() async throws {
        let volume = try await fixture.volume(in: fixture.project())
        let fitting = AnnotatedSlice(at: SlicePosition(.z, 0), values: slice(.z, 0) { _ in 1 }.values)
        let unknown = AnnotatedSlice(at: SlicePosition(.z, 1), values: slice(.z, 1) { _ in 3 }.values)
        let extent = volume.header.extent
        let refused = await failure {
            _ = try await fixture.store.changeAnnotations(volume: volume.id, spool([fitting, unknown], extent))
        }
        #expect(refused?.isConstraint == true && "\(refused as Any)".contains("the value 3 in slice 1 on axis z"))
        let other = await failure {
            _ = try await fixture.store.changeAnnotations(
                volume: volume.id, spool([fitting], Extent(z: 4, y: 6, x: 5)))
        }
        #expect(other?.isConflict == true)
        #expect(try await fixture.store.currentAnnotations(volume: volume.id).isEmpty)
    }

    @Test func `where slices differ the newer one wins in the merged labels`() async throws {
        let volume = try await fixture.volume(in: fixture.project())
        _ = try await post(volume, slice(.z, 1) { _ in 0 }, slice(.y, 2) { _ in 1 })
        func merged() async throws -> UInt8 {
            let labels = SparseLabels(of: volume.header, slices: try await fixture.store.slices(volume: volume.id))
            return try bytes(labels, Box(origin: Voxel(z: 1, y: 2, x: 0), extent: Extent(z: 1, y: 1, x: 1)))[0]
        }
        #expect(try await merged() == 1)
        let first = try await fixture.store.history(volume: volume.id, at: SlicePosition(.z, 1))[0]
        let back = try await fixture.store.restore(
            volume: volume.id, at: SlicePosition(.z, 1), revision: first.revision)
        #expect(back.conflicts == 6)
        #expect(try await merged() == 0)
    }
}
