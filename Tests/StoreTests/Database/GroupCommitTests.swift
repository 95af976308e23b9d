import Foundation
import Store
import TestSupport
import Testing
import Volumes

/// Posts that come at the same time and share transactions.
@Suite struct GroupCommitTests {
    private let extent = Extent(z: 40, y: 5, x: 6)

    private func slice(_ index: Int, _ value: UInt8) -> NewAnnotation {
        NewAnnotation(at: SlicePosition(.z, index), rows: 5, columns: 6, values: [UInt8](repeating: value, count: 30))
    }

    @Test func `posts at the same time are all stored, and what is refused among them leaves no mark`() async throws {
        let fixture = try StoreFixture()
        let volume = try await fixture.volume(in: fixture.project(), extent)
        let store = fixture.store
        let posts = (0..<40).map { slice($0, $0 % 4 == 3 ? 9 : UInt8($0 % 3)) }
        let refused = await withTaskGroup { group in
            for post in posts {
                group.addTask {
                    do {
                        let posted = try await store.postAnnotations(volume: volume.id, [post])
                        return posted.first?.record.index == post.position.index ? nil : -1
                    } catch StoreError.constraint {
                        return post.position.index
                    } catch {
                        return -1
                    }
                }
            }
            return await group.reduce(into: [Int]()) { if let index = $1 { $0.append(index) } }
        }
        #expect(refused.sorted() == Array(stride(from: 3, to: 40, by: 4)))
        let kept = try await store.annotatedSlices(volume: volume.id)
        #expect(kept.map(\.record.index).sorted() == (0..<40).filter { $0 % 4 != 3 })
        #expect(kept.allSatisfy { $0.slice.values == posts[$0.slice.index].values })
        #expect(Set(kept.map(\.record.revision)).count == 30)
    }

    @Test func `of posts for the same revision at the same time one wins`() async throws {
        let fixture = try StoreFixture()
        let volume = try await fixture.volume(in: fixture.project(), extent)
        let store = fixture.store
        let wins = await withTaskGroup { group in
            for value in 0..<20 {
                let post = slice(0, UInt8(value % 3))
                group.addTask {
                    (try? await store.postAnnotations(volume: volume.id, [post], ifRevision: 0)) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(wins == 1)
        #expect(try await store.history(volume: volume.id, at: SlicePosition(.z, 0)).count == 1)
    }

    @Test func `a full database refuses some of the posts at the same time and keeps what it acknowledged`()
        async throws
    {
        let fixture = try StoreFixture(StoreOptions(maximumBytes: 593_000))
        let extent = Extent(z: 40, y: 100, x: 100)
        let volume = try await fixture.volume(in: fixture.project(), extent)
        let store = fixture.store
        var generator = SeededGenerator(seed: 1)
        let posts = (0..<40).map { index in
            NewAnnotation(
                at: SlicePosition(.z, index), rows: 100, columns: 100, values: generator.bytes(10_000, in: 0...2))
        }
        let acknowledged = await withTaskGroup { group in
            for post in posts {
                group.addTask {
                    do {
                        return (
                            post.position.index, try await !store.postAnnotations(volume: volume.id, [post]).isEmpty
                        )
                    } catch StoreError.full {
                        return (post.position.index, false)
                    } catch {
                        return (-1, true)
                    }
                }
            }
            return await group.reduce(into: [Int]()) { if $1.1 { $0.append($1.0) } }
        }
        #expect(!acknowledged.isEmpty && acknowledged.count < 40)
        let kept = try await store.slices(volume: volume.id)
        #expect(kept.map(\.index).sorted() == acknowledged.sorted())
        #expect(kept.allSatisfy { $0.values == posts[$0.index].values })
    }
}
