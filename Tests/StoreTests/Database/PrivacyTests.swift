import Foundation
import Store
import TestSupport
import Testing

@Suite struct PrivacyTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test func `only its owner may look into a new data folder`() async throws {
        let data = folder.url.appending(path: "data")
        let store = try Store(folder: data)
        _ = try await store.putProject(name: "p", description: nil, classes: [])
        #expect(!store.wasOpenToOthers)
        #expect(try mode(data.path) == 0o700)
        for name in try FileManager.default.contentsOfDirectory(atPath: data.path) {
            #expect(try mode(data.appending(path: name).path) == 0o600, "\(name)")
        }
        let backup = folder.url.appending(path: "backup")
        try await store.backup(to: backup)
        #expect(try mode(backup.path) == 0o600)
        try store.close()
    }

    @Test func `a looser folder is tightened`() throws {
        try Store(folder: folder.url).close()
        let manager = FileManager.default
        try manager.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
        try manager.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.path("slicewise.sqlite"))
        let store = try Store(folder: folder.url)
        #expect(store.wasOpenToOthers)
        #expect(try mode(folder.url.path) == 0o700)
        #expect(try mode(folder.path("slicewise.sqlite")) == 0o600)
        try store.close()
        let again = try Store(folder: folder.url)
        #expect(!again.wasOpenToOthers)
        try again.close()
    }
}
