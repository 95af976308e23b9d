import Foundation
import Store
import TestSupport
import Testing
import Volumes

@Suite struct RequestTests {
    private static func key(_ text: String, digest: UInt8 = 1, client: Int64 = 0) -> RequestKey {
        RequestKey(client: client, key: text, digest: Data(repeating: digest, count: 32))
    }

    private static let answer = StoredAnswer(
        status: 201, headers: [.init(name: "Location", value: "/there")], body: Data([1, 2]))

    private static func slice(_ index: Int = 1) -> NewAnnotation {
        NewAnnotation(at: SlicePosition(.z, index), rows: 5, columns: 6, values: [UInt8](repeating: 1, count: 30))
    }

    private func answerOf(_ store: Store, _ key: RequestKey, now: Date = Date()) async throws -> StoredAnswer? {
        guard case .same(let answer) = try await store.remembered(key, now: now) else { return nil }
        return answer
    }

    @Test func `an answer is remembered by key and client for a day, also by the next process`() async throws {
        let fixture = try StoreFixture()
        try await fixture.store.remember(Self.key("a"), Self.answer)
        try fixture.store.close()
        let store = try Store(folder: fixture.folder.url)
        #expect(try await answerOf(store, Self.key("a")) == Self.answer)
        guard case .other = try await store.remembered(Self.key("a", digest: 2)) else {
            Issue.record("another request had the key")
            return
        }
        #expect(try await store.remembered(Self.key("b")) == nil)
        #expect(try await store.remembered(Self.key("a", client: 1)) == nil)
        #expect(try await store.remembered(Self.key("a"), now: Date(timeIntervalSinceNow: 86_500)) == nil)
    }

    @Test func `a change and the memory of its request are stored together`() async throws {
        let fixture = try StoreFixture()
        let volume = try await fixture.volume(in: try await fixture.project())
        let pending = PendingRequest(Self.key("a"))
        try await PendingRequest.$current.withValue(pending) {
            let answer = PendingRequest.Answer { value in
                (value as? [(record: AnnotationRecord, conflicts: Int)]).map { _ in Self.answer }
            }
            try await PendingRequest.$answer.withValue(answer) {
                _ = try await fixture.store.postAnnotations(volume: volume.id, [Self.slice()])
            }
        }
        #expect(pending.isAnswered)
        #expect(try await answerOf(fixture.store, Self.key("a")) == Self.answer)
    }

    @Test func `a change without a known answer leaves the mark that it was made`() async throws {
        let fixture = try StoreFixture()
        let pending = PendingRequest(Self.key("a"))
        try await PendingRequest.$current.withValue(pending) { _ = try await fixture.project() }
        #expect(pending.isRecorded && !pending.isAnswered)
        guard case .same(nil) = try await fixture.store.remembered(Self.key("a")) else {
            Issue.record("the change was made")
            return
        }
        try await fixture.store.remember(Self.key("a"), Self.answer)
        #expect(try await answerOf(fixture.store, Self.key("a")) == Self.answer)
        try await fixture.store.forget(Self.key("a"))
        #expect(try await fixture.store.remembered(Self.key("a")) == nil)
    }

    @Test func `a refused change is not remembered`() async throws {
        let fixture = try StoreFixture()
        let volume = try await fixture.volume(in: try await fixture.project())
        let pending = PendingRequest(Self.key("a"))
        await #expect(throws: StoreError.self) {
            try await PendingRequest.$current.withValue(pending) {
                _ = try await fixture.store.postAnnotations(volume: volume.id, [Self.slice(99)])
            }
        }
        #expect(try await fixture.store.remembered(Self.key("a")) == nil)
    }

    @Test func `no more requests are remembered than the options say`() async throws {
        var options = StoreOptions()
        options.rememberedRequests = 3
        let fixture = try StoreFixture(options)
        for name in ["a", "b", "c", "d", "e"] { try await fixture.store.remember(Self.key(name), Self.answer) }
        var known: [String] = []
        for name in ["a", "b", "c", "d", "e"] where try await fixture.store.remembered(Self.key(name)) != nil {
            known.append(name)
        }
        #expect(known == ["c", "d", "e"])
    }

    @Test func `what is changed after the answer leaves the memory as it is`() async throws {
        let fixture = try StoreFixture()
        let pending = PendingRequest(Self.key("a"))
        try await PendingRequest.$current.withValue(pending) {
            _ = try await fixture.project("first")
            pending.close()
            try await fixture.store.remember(Self.key("a"), Self.answer)
            _ = try await fixture.project("second")
        }
        #expect(try await answerOf(fixture.store, Self.key("a")) == Self.answer)
    }
}
