import Store
import TestSupport
import Testing
import Volumes

@Suite struct CrossingCacheTests {
    private let extent = Extent(z: 7, y: 18, x: 25)

    private func fixture(bytes: Int) throws -> StoreFixture {
        var options = StoreOptions()
        options.crossingBytes = bytes
        return try StoreFixture(options)
    }

    private func position(using generator: inout SeededGenerator) -> SlicePosition {
        let axis = Axis.allCases.randomElement(using: &generator) ?? .z
        return SlicePosition(axis, Int.random(in: 0..<extent[axis], using: &generator))
    }

    /// A slice, or a part of one, with a square of another class in it here and there.
    private func slice(using generator: inout SeededGenerator) -> NewAnnotation {
        let position = position(using: &generator)
        var (rows, columns) = position.plane(in: extent)
        var region: Region?
        if Bool.random(using: &generator) {
            let (row, column) = (
                Int.random(in: 0..<rows, using: &generator), Int.random(in: 0..<columns, using: &generator)
            )
            (rows, columns) = (min(rows - row, 5), min(columns - column, 4))
            region = Region(row: row, column: column, rows: rows, columns: columns)
        }
        let all: [UInt8] = [0, 1, 2, 255]
        let labels = Bool.random(using: &generator) ? all : [UInt8.random(in: 0...2, using: &generator)]
        let values = (0..<rows * columns).map { _ in labels.randomElement(using: &generator) ?? 0 }
        return NewAnnotation(at: position, rows: rows, columns: columns, values: values, region: region)
    }

    @Test(arguments: [0, 4000, 256 << 20])
    func `conflicts are those of the plain count, whatever is kept in memory`(bytes: Int) async throws {
        let fixture = try fixture(bytes: bytes)
        let store = fixture.store
        let project = try await fixture.project()
        var generator = SeededGenerator(seed: UInt64(bytes))
        var volumes: [(id: Int64, labels: DenseLabels, posted: [(SlicePosition, Int64)])] = []
        for name in ["a", "b", "c"] {
            volumes.append((try await fixture.volume(name, in: project, extent).id, DenseLabels(extent), []))
        }
        var sum = 0
        for _ in 0..<80 {
            let place = Int.random(in: 0..<volumes.count, using: &generator)
            let volume = volumes[place].id
            var made: [(record: AnnotationRecord, conflicts: Int)] = []
            switch Int.random(in: 0..<10, using: &generator) {
            case 0:
                let positions = try await store.currentAnnotations(volume: volume).map(\.position)
                guard let position = positions.randomElement(using: &generator) else { continue }
                made = [(try await store.clear(volume: volume, at: position), 0)]
            case 1:
                guard let (position, revision) = volumes[place].posted.randomElement(using: &generator) else {
                    continue
                }
                made = [try await store.restore(volume: volume, at: position, revision: revision)]
            case 2...4:
                let slices = (0..<4).map { _ in slice(using: &generator) }
                made = try await store.postAnnotations(volume: volume, slices)
            default:
                made = try await store.postAnnotations(volume: volume, [slice(using: &generator)])
            }
            for (record, conflicts) in made {
                let values =
                    record.cleared ? nil : try await store.slice(volume: volume, revision: record.revision).values
                #expect(
                    conflicts == values.map { volumes[place].labels.conflicts(of: $0, at: record.position) } ?? 0)
                volumes[place].labels.put(values, at: record.position)
                volumes[place].posted.append((record.position, record.revision))
                sum += conflicts
            }
            #expect(store.crossings.bytes <= bytes)
        }
        #expect(sum > 500)
        #expect((store.crossings.bytes > 0) == (bytes > 0))
    }

    @Test func `of slices posted at the same time each is counted against those of lower revisions`() async throws {
        let fixture = try fixture(bytes: 256 << 20)
        let store = fixture.store
        let volume = try await fixture.volume(in: fixture.project(), extent).id
        var generator = SeededGenerator(seed: 1)
        let slices = (0..<96).map { _ in slice(using: &generator) }
        var posted = try await withThrowingTaskGroup { group in
            for slice in slices {
                group.addTask { try await store.postAnnotations(volume: volume, [slice])[0] }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        posted.sort { $0.record.revision < $1.record.revision }
        var labels = DenseLabels(extent)
        for (record, conflicts) in posted {
            let values = try await store.slice(volume: volume, revision: record.revision).values
            #expect(conflicts == labels.conflicts(of: values, at: record.position))
            labels.put(values, at: record.position)
        }
        #expect(posted.count == 96 && posted.contains { $0.conflicts > 0 })
    }

    @Test func `a volume that was deleted is not found, also when one was annotated after it`() async throws {
        let fixture = try fixture(bytes: 256 << 20)
        let project = try await fixture.project()
        var generator = SeededGenerator(seed: 2)
        let slice = slice(using: &generator)
        let (old, other) = (
            try await fixture.volume("old", in: project, extent).id,
            try await fixture.volume("other", in: project, extent).id
        )
        for volume in [old, other, old] { _ = try await fixture.store.postAnnotations(volume: volume, [slice]) }
        try await fixture.store.deleteVolume(project: project.id, name: "old")
        let error = await failure { _ = try await fixture.store.postAnnotations(volume: old, [slice]) }
        #expect(error?.isNotFound == true)
        #expect(try await fixture.store.postAnnotations(volume: other, [slice])[0].conflicts == 0)
    }
}
