import Foundation
import Store
import Testing
import Volumes

@Suite struct AnnotationTests {
    private let fixture: StoreFixture
    private let extent = Extent(z: 4, y: 5, x: 6)

    init() throws { fixture = try StoreFixture() }

    private func slice(
        _ axis: Axis, _ index: Int, _ value: UInt8, author: String? = nil, _ extent: Extent? = nil
    ) -> NewAnnotation {
        let (rows, columns) = (extent ?? self.extent).slice(on: axis)
        return NewAnnotation(
            at: SlicePosition(axis, index), rows: rows, columns: columns,
            values: [UInt8](repeating: value, count: rows * columns), author: author)
    }

    private func post(
        _ volume: VolumeRecord, _ annotation: NewAnnotation, ifRevision: Int64? = nil
    ) async throws -> (record: AnnotationRecord, conflicts: Int) {
        try #require(
            try await fixture.store.postAnnotations(volume: volume.id, [annotation], ifRevision: ifRevision).first)
    }

    @Test(arguments: Axis.allCases)
    func `a slice comes back with its author, time and counts`(axis: Axis) async throws {
        let volume = try await fixture.volume(in: fixture.project())
        let (rows, columns) = extent.slice(on: axis)
        var values = [UInt8](repeating: 0, count: rows * columns)
        values[1] = 2
        values[2] = 255
        let new = NewAnnotation(at: SlicePosition(axis, 3), rows: rows, columns: columns, values: values, author: "Ann")
        let before = Date()
        let posted = try await post(volume, new)
        #expect(posted.conflicts == 0)
        #expect(posted.record.position == SlicePosition(axis, 3) && posted.record.author == "Ann")
        #expect(abs(posted.record.created.timeIntervalSince(before)) < 60)
        #expect(posted.record.counts == [0: rows * columns - 2, 2: 1, 255: 1])
        #expect(!posted.record.cleared && posted.record.restored == nil)
        let current = try await fixture.store.annotation(volume: volume.id, at: SlicePosition(axis, 3))
        #expect(current.record == posted.record && current.values == values)
        #expect(try await fixture.store.slice(volume: volume.id, revision: posted.record.revision).values == values)
        #expect(
            try await fixture.store.slices(volume: volume.id) == [
                AnnotatedSlice(at: SlicePosition(axis, 3), values: values)
            ])
    }

    @Test func `a change whose demand on the volume is not met stores nothing`() async throws {
        let volume = try await fixture.volume(in: fixture.project())
        let place = SlicePosition(.z, 0)
        let first = try await post(volume, slice(.z, 0, 0)).record
        let demand: Store.VolumeDemand = { found in
            if found.id == volume.id { throw StoreError.conflict("another image") }
        }
        let (store, changed) = (fixture.store, slice(.z, 0, 1))
        let failures = [
            await failure { _ = try await store.postAnnotations(volume: volume.id, [changed], demand: demand) },
            await failure { _ = try await store.clear(volume: volume.id, at: place, demand: demand) },
            await failure { _ = try await store.setRole(volume: volume.id, at: place, .test, demand: demand) },
            await failure {
                _ = try await store.restore(volume: volume.id, at: place, revision: first.revision, demand: demand)
            },
        ]
        #expect(failures.allSatisfy { $0?.isConflict == true })
        #expect(try await store.history(volume: volume.id, at: place) == [first])
    }

    @Test func `a newer revision takes the place of an older one, which stays in the history`() async throws {
        let volume = try await fixture.volume(in: fixture.project())
        let first = try await post(volume, slice(.z, 0, 0)).record
        let other = try await post(volume, slice(.z, 1, 0)).record
        let second = try await post(volume, slice(.z, 0, 1)).record
        #expect(first.revision < other.revision && other.revision < second.revision)
        #expect(try await fixture.store.currentAnnotations(volume: volume.id) == [other, second])
        #expect(try await fixture.store.history(volume: volume.id, at: SlicePosition(.z, 0)) == [first, second])
        #expect(try await fixture.store.annotatedSlices(volume: volume.id).map(\.record) == [other, second])
        #expect(try await fixture.store.history(volume: volume.id, at: SlicePosition(.y, 0)).isEmpty)
        let slice = try await fixture.store.slice(volume: volume.id, revision: first.revision)
        #expect(slice.values == [UInt8](repeating: 0, count: 30))
    }

    @Test func `clearing is a revision and can be undone`() async throws {
        let volume = try await fixture.volume(in: fixture.project())
        let first = try await post(volume, slice(.y, 2, 1)).record
        let cleared = try await fixture.store.clear(volume: volume.id, at: SlicePosition(.y, 2), author: "Bo")
        #expect(cleared.cleared && cleared.counts.isEmpty && cleared.author == "Bo")
        #expect(try await fixture.store.currentAnnotations(volume: volume.id).isEmpty)
        #expect(try await fixture.store.slices(volume: volume.id).isEmpty)
        let missing = await failure {
            _ = try await fixture.store.annotation(volume: volume.id, at: SlicePosition(.y, 2))
        }
        #expect(missing?.isNotFound == true)
        #expect(
            await failure { _ = try await fixture.store.clear(volume: volume.id, at: SlicePosition(.y, 2)) }?.isNotFound
                == true
        )

        let back = try await fixture.store.restore(
            volume: volume.id, at: SlicePosition(.y, 2), revision: first.revision)
        #expect(back.record.restored == first.revision && back.record.counts == first.counts)
        #expect(try await fixture.store.annotation(volume: volume.id, at: SlicePosition(.y, 2)).record == back.record)
        let gone = try await fixture.store.restore(
            volume: volume.id, at: SlicePosition(.y, 2), revision: cleared.revision)
        #expect(gone.record.cleared && gone.conflicts == 0)
        #expect(try await fixture.store.history(volume: volume.id, at: SlicePosition(.y, 2)).count == 4)
    }

    @Test func `the slices of any revisions of several volumes are read together, in the order asked for`() async throws
    {
        let project = try await fixture.project()
        let (one, two) = (try await fixture.volume("a", in: project), try await fixture.volume("b", in: project))
        let first = try await post(one, slice(.z, 0, 0)).record.revision
        let second = try await post(one, slice(.y, 1, 1)).record.revision
        let other = try await post(two, slice(.x, 2, 2)).record.revision
        let later = try await post(one, slice(.z, 0, 2)).record.revision
        let read = try await fixture.store.slices(of: [(two.id, [other]), (one.id, [second, first])])
        #expect(read.map(\.volume.name) == ["b", "a"])
        #expect(read[0].slices.map(\.position) == [SlicePosition(.x, 2)])
        #expect(read[1].slices.map(\.position) == [SlicePosition(.y, 1), SlicePosition(.z, 0)])
        #expect(read[1].slices[1].values == slice(.z, 0, 0).values)
        let current = try await fixture.store.currentAnnotations(volumes: [two.id, one.id])
        #expect(current.map { $0.map(\.revision) } == [[other], [second, later]])
        let cleared = try await fixture.store.clear(volume: one.id, at: SlicePosition(.y, 1)).revision
        for missing in [other, cleared, 1000] {
            let error = await failure { _ = try await fixture.store.slices(of: [(one.id, [first, missing])]) }
            #expect(error?.isNotFound == true)
        }
    }

    @Test func `only a revision of the slice itself is restored, and only if its classes are there`() async throws {
        let project = try await fixture.project()
        let volume = try await fixture.volume(in: project)
        let other = try await post(volume, slice(.z, 0, 1)).record
        let error = await failure {
            _ = try await fixture.store.restore(volume: volume.id, at: SlicePosition(.z, 1), revision: other.revision)
        }
        #expect(error?.isNotFound == true)
        let high = try await post(volume, slice(.z, 1, 2)).record
        _ = try await fixture.store.clear(volume: volume.id, at: SlicePosition(.z, 1))
        _ = try await fixture.project(classes: Array(StoreFixture.classes.prefix(2)))
        let conflict = await failure {
            _ = try await fixture.store.restore(volume: volume.id, at: SlicePosition(.z, 1), revision: high.revision)
        }
        #expect(conflict?.isConflict == true)
    }

    @Test func `a slice stays what it is for, whatever becomes of it`() async throws {
        let volume = try await fixture.volume(in: try await fixture.project())
        let (store, place) = (fixture.store, SlicePosition(.z, 1))
        func post(_ role: AnnotationRole?) async throws -> AnnotationRecord {
            let slice = NewAnnotation(
                at: place, rows: 5, columns: 6, values: [UInt8](repeating: 1, count: 30), role: role)
            return try await store.postAnnotations(volume: volume.id, [slice])[0].record
        }
        let first = try await post(nil)
        #expect(first.role == .train)
        let test = try await store.setRole(volume: volume.id, at: place, .test, author: "anna")
        #expect(test.role == .test && test.counts == first.counts && test.author == "anna")
        #expect(try await store.setRole(volume: volume.id, at: place, .test) == test)
        #expect(try await post(nil).role == .test)
        #expect(
            try await store.restore(volume: volume.id, at: place, revision: first.revision).record.role == .test)
        #expect(try await store.clear(volume: volume.id, at: place).role == .test)
        #expect(await failure { _ = try await store.setRole(volume: volume.id, at: place, .train) }?.isNotFound == true)
        #expect(try await post(nil).role == .test)
        #expect(try await post(.train).role == .train)
        #expect(try await store.currentAnnotations(volume: volume.id).map(\.role) == [.train])
    }

    @Test func `what a slice is for changes no label where slices cross`() async throws {
        let volume = try await fixture.volume(in: try await fixture.project())
        let store = fixture.store
        let extent = volume.header.extent
        func post(_ axis: Axis, _ value: UInt8) async throws {
            let (rows, columns) = axis == .z ? (extent.y, extent.x) : (extent.z, axis == .y ? extent.x : extent.y)
            let values = [UInt8](repeating: value, count: rows * columns)
            _ = try await store.postAnnotations(
                volume: volume.id,
                [NewAnnotation(at: SlicePosition(axis, 1), rows: rows, columns: columns, values: values)])
        }
        // The last one agrees with the first, and counts where it crosses the second.
        try await post(.z, 0)
        try await post(.y, 1)
        try await post(.x, 0)
        func merged() throws -> [[UInt8]] {
            let labels = try store.labels(of: volume)
            return try (0..<extent.z).map { try labels.labels(slice: SlicePosition(.z, $0)) }
        }
        let before = try merged()
        _ = try await store.setRole(volume: volume.id, at: SlicePosition(.z, 1), .test)
        #expect(try merged() == before)
        let current = try await store.currentAnnotations(volume: volume.id)
        #expect(current.map(\.axis) == [.z, .y, .x] && current.map(\.role) == [.test, .train, .train])
    }

    @Test func `if-revision lets only the one who saw the current revision post`() async throws {
        let volume = try await fixture.volume(in: fixture.project())
        let first = try await post(volume, slice(.z, 0, 0, author: "Ann"), ifRevision: 0).record
        let error = await failure { _ = try await post(volume, slice(.z, 0, 1), ifRevision: 0) }
        #expect("\(error as Any)".contains("slice 0 on axis z is at revision \(first.revision) by Ann of 20"))
        let second = try await post(volume, slice(.z, 0, 1), ifRevision: first.revision).record
        #expect(
            await failure { _ = try await post(volume, slice(.z, 0, 0), ifRevision: first.revision) }?.isConflict
                == true)
        #expect(
            await failure { _ = try await post(volume, slice(.z, 1, 0), ifRevision: first.revision) }?.isConflict
                == true)
        let stale = await failure {
            _ = try await fixture.store.clear(volume: volume.id, at: SlicePosition(.z, 0), ifRevision: first.revision)
        }
        #expect(stale?.isConflict == true)
        let cleared = try await fixture.store.clear(
            volume: volume.id, at: SlicePosition(.z, 0), ifRevision: second.revision)
        // What is cleared is as if it had never been annotated, and also at the revision that cleared it.
        let third = try await post(volume, slice(.z, 0, 0), ifRevision: 0).record
        #expect(third.revision > cleared.revision)
        _ = try await fixture.store.clear(volume: volume.id, at: SlicePosition(.z, 0))
        let last = try await fixture.store.history(volume: volume.id, at: SlicePosition(.z, 0)).last
        _ = try await post(volume, slice(.z, 0, 0), ifRevision: last?.revision)
    }

    @Test func `a part of a slice is merged over the current one`() async throws {
        let volume = try await fixture.volume(in: fixture.project())
        func part(_ values: [UInt8], _ region: Region) -> NewAnnotation {
            NewAnnotation(
                at: SlicePosition(.z, 0), rows: region.rows, columns: region.columns, values: values, region: region)
        }
        _ = try await post(volume, part([0, 1, 2, 255], Region(row: 1, column: 2, rows: 2, columns: 2)))
        var expected = [UInt8](repeating: 255, count: 30)
        expected[8] = 0
        expected[9] = 1
        expected[14] = 2
        #expect(try await fixture.store.annotation(volume: volume.id, at: SlicePosition(.z, 0)).values == expected)
        // What the part says counts, also that a voxel is unlabeled.
        let posted = try await post(volume, part([1, 255, 1], Region(row: 1, column: 1, rows: 1, columns: 3)))
        expected[7] = 1
        expected[8] = 255
        #expect(try await fixture.store.annotation(volume: volume.id, at: SlicePosition(.z, 0)).values == expected)
        #expect(posted.record.counts == [1: 2, 2: 1, 255: 27])
        // Two parts in one call see each other.
        _ = try await fixture.store.postAnnotations(
            volume: volume.id,
            [
                part([0], Region(row: 0, column: 0, rows: 1, columns: 1)),
                part([2], Region(row: 4, column: 5, rows: 1, columns: 1)),
            ])
        expected[0] = 0
        expected[29] = 2
        #expect(try await fixture.store.annotation(volume: volume.id, at: SlicePosition(.z, 0)).values == expected)
    }

    @Test(arguments: [
        NewAnnotation(at: SlicePosition(.z, 4), rows: 5, columns: 6, values: [UInt8](repeating: 0, count: 30)),
        NewAnnotation(at: SlicePosition(.z, -1), rows: 5, columns: 6, values: [UInt8](repeating: 0, count: 30)),
        NewAnnotation(at: SlicePosition(.z, 0), rows: 6, columns: 5, values: [UInt8](repeating: 0, count: 30)),
        NewAnnotation(at: SlicePosition(.z, 0), rows: 5, columns: 6, values: [UInt8](repeating: 0, count: 29)),
        NewAnnotation(at: SlicePosition(.z, 0), rows: 5, columns: 6, values: [UInt8](repeating: 3, count: 30)),
        NewAnnotation(
            at: SlicePosition(.z, 0), rows: 1, columns: 2, values: [0, 0],
            region: Region(row: 0, column: 5, rows: 1, columns: 2)),
        NewAnnotation(
            at: SlicePosition(.z, 0), rows: 1, columns: 2, values: [0, 0],
            region: Region(row: .max, column: 0, rows: 1, columns: 2)),
        NewAnnotation(
            at: SlicePosition(.z, 0), rows: 0, columns: 0, values: [],
            region: Region(row: 0, column: 0, rows: 0, columns: 0)),
        NewAnnotation(
            at: SlicePosition(.z, 0), rows: 5, columns: 6, values: [UInt8](repeating: 0, count: 30), author: ""),
    ])
    func `an annotation that doesn't fit is refused`(annotation: NewAnnotation) async throws {
        let volume = try await fixture.volume(in: fixture.project())
        #expect(await failure { _ = try await post(volume, annotation) }?.isConstraint == true)
        // All or none.
        let both = await failure {
            _ = try await fixture.store.postAnnotations(volume: volume.id, [slice(.z, 0, 0), annotation])
        }
        #expect(both?.isConstraint == true)
        #expect(try await fixture.store.currentAnnotations(volume: volume.id).isEmpty)
    }

    @Test func `a value that is no class is named with its place`() async throws {
        let volume = try await fixture.volume(in: fixture.project())
        var values = [UInt8](repeating: 0, count: 30)
        values[13] = 9
        let error = await failure {
            _ = try await post(volume, NewAnnotation(at: SlicePosition(.z, 0), rows: 5, columns: 6, values: values))
        }
        #expect(
            "\(error.map { "\($0)" } ?? "")".hasPrefix(
                "the value 9 at row 2, column 1 of slice 0 on axis z is not a class"))
    }

    @Test func `a hundred posts at once get revisions of their own, and the last is current`() async throws {
        let volume = try await fixture.volume(in: fixture.project())
        let revisions = try await withThrowingTaskGroup(of: Int64.self) { group in
            for place in 0..<100 {
                group.addTask { try await post(volume, slice(.z, place % 4, UInt8(place % 3))).record.revision }
            }
            return try await group.reduce(into: [Int64]()) { $0.append($1) }
        }
        #expect(Set(revisions).count == 100)
        let current = try await fixture.store.currentAnnotations(volume: volume.id)
        #expect(current.count == 4 && current.last?.revision == revisions.max())
        var all: [AnnotationRecord] = []
        for index in 0..<4 { all += try await fixture.store.history(volume: volume.id, at: SlicePosition(.z, index)) }
        #expect(Set(all.map(\.revision)) == Set(revisions))
    }

    @Test func `of posts at once on one seen revision exactly one wins`() async throws {
        let volume = try await fixture.volume(in: fixture.project())
        let won = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask { (try? await post(volume, slice(.x, 0, 1), ifRevision: 0)) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(won == 1)
    }

    @Test func `slices are read from a thread that may block`() async throws {
        let volume = try await fixture.volume(in: fixture.project())
        _ = try await post(volume, slice(.z, 0, 1))
        let labels = try fixture.store.labels(of: volume)
        #expect(try bytes(labels).count { $0 == 1 } == 30)
    }
}
