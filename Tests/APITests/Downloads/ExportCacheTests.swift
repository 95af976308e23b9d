import API
import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5))) struct ExportCacheTests {
    private let folder: TemporaryFolder
    private let cache: ExportCache

    init() throws {
        folder = try TemporaryFolder()
        cache = ExportCache(folder: folder.url, limit: 1 << 20, work: BlockingWork(width: 1))
    }

    @Test func `a file whose volume goes while it is made goes, too`() async throws {
        let (begun, tell) = AsyncStream.makeStream(of: Void.self)
        let gate = DispatchSemaphore(value: 0)
        let made = Task { [cache] in
            try await cache.export(["a"], of: .volume(1), fileExtension: "raw") { url in
                tell.yield()
                gate.wait()
                try Data([1]).write(to: url)
            }
        }
        _ = await begun.first { true }
        await cache.remove([.volume(1)])
        gate.signal()
        await #expect(throws: (any Error).self) { _ = try await made.value }
        #expect(folder.names.isEmpty)
        let other = try await cache.export(["b"], of: .volume(1), fileExtension: "raw") { try Data([2]).write(to: $0) }
        #expect(folder.names == [other.url.lastPathComponent])
    }

    @Test func `files that nobody has just asked for are given up`() async throws {
        let export = try await cache.export(["a"], of: .model(1), fileExtension: "raw") { try Data([1]).write(to: $0) }
        let soon: [FileAttributeKey: Any] = [.modificationDate: Date(timeIntervalSinceNow: 60)]
        try FileManager.default.setAttributes(soon, ofItemAtPath: export.url.path)
        #expect(!cache.giveUp())
        let past: [FileAttributeKey: Any] = [.modificationDate: Date(timeIntervalSinceNow: -60)]
        try FileManager.default.setAttributes(past, ofItemAtPath: export.url.path)
        #expect(cache.giveUp())
        #expect(folder.names.isEmpty)
    }
}
