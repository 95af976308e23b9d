import Foundation
import Store
import TestSupport
import Testing
import Volumes

/// Changes of many slices at once, whatever others do meanwhile.
@Suite struct AnnotationChangeTests {
    private static let extent = Extent(z: 6, y: 7, x: 8)

    /// A store that compares two or three slices at a time.
    private func fixture() throws -> StoreFixture {
        var options = StoreOptions()
        options.comparedBytes = 130
        return try StoreFixture(options)
    }

    private func position(using generator: inout SeededGenerator) -> SlicePosition {
        let axis = Axis.allCases.randomElement(using: &generator) ?? .z
        return SlicePosition(axis, Int.random(in: 0..<Self.extent[axis], using: &generator))
    }

    private func post(_ store: Store, _ volume: Int64, using generator: inout SeededGenerator) async throws {
        let position = position(using: &generator)
        let (rows, columns) = position.plane(in: Self.extent)
        let values = (0..<rows * columns).map { _ in ([0, 1, 2, 255] as [UInt8]).randomElement(using: &generator) ?? 0 }
        _ = try await store.postAnnotations(
            volume: volume, [NewAnnotation(at: position, rows: rows, columns: columns, values: values)])
    }

    /// Some slices of a random labelling, in which they agree.
    private func spool(in folder: URL, using generator: inout SeededGenerator) throws -> SpooledSlices {
        let all = (0..<Self.extent.voxels).map { _ in ([0, 1, 2, 255] as [UInt8]).randomElement(using: &generator) ?? 0
        }
        let labels = try InMemoryVolume(
            header: VolumeHeader(channels: 1, extent: Self.extent, element: .uint8), bytes: all)
        var positions: Set<SlicePosition> = []
        while positions.count < 5 { positions.insert(position(using: &generator)) }
        var spool = try SliceSpool(in: folder, extent: Self.extent)
        for position in positions.sorted(by: { ($0.axis.rawValue, $0.index) < ($1.axis.rawValue, $1.index) }) {
            try spool.add(AnnotatedSlice(at: position, values: labels.raw(Box(slice: position, of: Self.extent))))
        }
        return try spool.finish()
    }

    @Test(arguments: 1...3)
    func `a change that is taken back, and a new role, leave the merged labels as they were`(seed: UInt64) async throws
    {
        let fixture = try fixture()
        let (store, folder) = (fixture.store, fixture.folder.url)
        let volume = try await fixture.volume(in: fixture.project(), Self.extent)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<25 {
            try await post(store, volume.id, using: &generator)
            let before = try bytes(store.labels(of: volume))
            if round % 3 == 0 {
                let current = try await store.currentAnnotations(volume: volume.id)
                guard let one = current.randomElement(using: &generator) else { continue }
                _ = try await store.setRole(volume: volume.id, at: one.position, one.role == .train ? .test : .train)
            } else {
                let spooled = try spool(in: folder, using: &generator)
                let change = try await store.changeAnnotations(volume: volume.id, spooled)
                let number = try #require(change?.number)
                _ = try await store.restoreChange(volume: volume.id, number)
            }
            #expect(try bytes(store.labels(of: volume)) == before)
        }
    }

    @Test(arguments: 1...3)
    func `conflicts are counted with the slices of the moment, however many others annotate`(seed: UInt64) async throws
    {
        let fixture = try fixture()
        let (store, folder) = (fixture.store, fixture.folder.url)
        let volume = try await fixture.volume(in: fixture.project(), Self.extent)
        let changes = try await withThrowingTaskGroup(of: [AnnotationChange].self) { group in
            for task in 0..<6 {
                group.addTask {
                    var generator = SeededGenerator(seed: 10 * seed + UInt64(task))
                    var changes: [AnnotationChange] = []
                    for _ in 0..<8 {
                        if task > 2 {
                            try await post(store, volume.id, using: &generator)
                        } else {
                            let spooled = try spool(in: folder, using: &generator)
                            guard let change = try await store.changeAnnotations(volume: volume.id, spooled) else {
                                continue
                            }
                            changes.append(change)
                            // It may have moved on.
                            guard let number = change.number,
                                let back = try? await store.restoreChange(volume: volume.id, number)
                            else { continue }
                            changes.append(back)
                        }
                    }
                    return changes
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(changes.count >= 24)
        try await replay(changes, in: store, volume.id)
    }

    /// Holds the conflicts of changes to the plain count, revision by revision.
    private func replay(_ changes: [AnnotationChange], in store: Store, _ volume: Int64) async throws {
        var history: [AnnotationRecord] = []
        for axis in Axis.allCases {
            for index in 0..<Self.extent[axis] {
                history += try await store.history(volume: volume, at: SlicePosition(axis, index))
            }
        }
        history.sort { $0.revision < $1.revision }
        let counted = Dictionary(
            uniqueKeysWithValues: changes.flatMap { change in
                change.revisions.map { ($0.record.revision, $0.conflicts) }
            })
        let first = Set(changes.compactMap(\.number))
        var (labels, sum) = (DenseLabels(Self.extent), 0)
        for record in history {
            if first.contains(record.revision) {
                // Slices that the change replaces don't count.
                for other in history where other.change == record.revision { labels.put(nil, at: other.position) }
            }
            let values = record.cleared ? nil : try await store.slice(volume: volume, revision: record.revision).values
            if let conflicts = counted[record.revision] {
                #expect(conflicts == values.map { labels.conflicts(of: $0, at: record.position) } ?? 0)
                sum += conflicts
            }
            labels.put(values, at: record.position)
        }
        #expect(counted.keys.count == changes.reduce(0) { $0 + $1.revisions.count } && sum > 100)
    }
}
