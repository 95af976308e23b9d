import Foundation
internal import GRDB
import Migrations
import Store
import TestSupport
import Testing

@Suite struct TokenTests {
    @Test func `a token is 256 random bits, and stands nowhere in the folder`() async throws {
        let fixture = try StoreFixture()
        let (record, text) = try await fixture.store.createToken(name: "anna", role: .annotator)
        let other = try await fixture.store.createToken(name: "ben", role: .viewer).text
        #expect(text.hasPrefix("slicewise_") && text.count == "slicewise_".count + 43 && text != other)
        #expect(record.role == .annotator && record.scope == .everywhere && record.isValid())
        try fixture.store.close()
        for file in try FileManager.default.contentsOfDirectory(at: fixture.folder.url, includingPropertiesForKeys: nil)
        {
            let content = try Data(contentsOf: file)
            #expect(content.range(of: Data(text.utf8)) == nil, "\(file.lastPathComponent)")
        }
    }

    @Test func `a token is found by its text and by no other`() async throws {
        let fixture = try StoreFixture()
        let (record, text) = try await fixture.store.createToken(name: "anna", role: .trainer)
        _ = try await fixture.store.createToken(name: "ben", role: .admin)
        let tokens = try fixture.store.tokenCache.tokens()
        #expect(TokenCache.find(text, in: tokens)?.id == record.id)
        for wrong in [text.lowercased(), text + "A", String(text.dropLast()), "", "anna"] {
            #expect(TokenCache.find(wrong, in: tokens) == nil, "\(wrong)")
        }
    }

    @Test func `what a command does beside the server counts at once`() async throws {
        let fixture = try StoreFixture()
        #expect(try !Store.hasTokens(in: fixture.folder.url))
        #expect(try fixture.store.tokenCache.tokens().isEmpty)
        let beside = try Store.visiting(fixture.folder.url)
        let (record, text) = try await beside.createToken(name: "anna", role: .admin)
        #expect(TokenCache.find(text, in: try fixture.store.tokenCache.tokens())?.isValid() == true)
        #expect(try fixture.store.tokenCache.isValid(record.id))
        try await beside.revokeToken(named: "anna")
        #expect(TokenCache.find(text, in: try fixture.store.tokenCache.tokens())?.isValid() == false)
        #expect(try !fixture.store.tokenCache.isValid(record.id))
        try beside.close()
        _ = try await fixture.project()  // The server goes on as before.
        #expect(try await fixture.store.integrityCheck().isEmpty)
    }

    @Test func `a visit where no server is takes the folder, and leaves it`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let visit = try Store.visiting(folder.url)
        _ = try await visit.createToken(name: "anna", role: .admin)
        try visit.close()
        #expect(try Store.hasTokens(in: folder.url))
        let store = try Store(folder: folder.url)
        #expect(try store.tokenCache.tokens().map(\.name) == ["anna"])
    }

    @Test func `a visit to a server of an older version is refused`() throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let old = try Store(folder: folder.url, migrations: Array(Migrations.all.prefix(1)))
        let error = #expect(throws: StoreError.self) { try Store.visiting(folder.url) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("older version"))
        try old.close()
    }

    @Test func `names in use are unique, a revoked one may be used again`() async throws {
        let store = try StoreFixture().store
        let first = try await store.createToken(name: "anna", role: .viewer).record
        let twice = await failure { _ = try await store.createToken(name: "anna", role: .admin) }
        #expect(twice?.isConflict == true)
        try await store.revokeToken(named: "anna")
        let second = try await store.createToken(name: "anna", role: .admin).record
        #expect(first.id != second.id)
        #expect(try store.tokenCache.tokens().map { $0.isValid() } == [false, true])
        try await store.forgetTokens(named: "anna")
        #expect(try store.tokenCache.tokens().map(\.id) == [second.id])
        #expect(await failure { try await store.forgetTokens(named: "anna") }?.isNotFound == true)
        #expect(await failure { try await store.revokeToken(named: "ben") }?.isNotFound == true)
        #expect(await failure { _ = try await store.createToken(name: "a b", role: .viewer) }?.isConstraint == true)
    }

    @Test func `an expired token is no longer valid, and none is made expired`() async throws {
        let store = try StoreFixture().store
        let record = try await store.createToken(
            name: "anna", role: .viewer, expires: Date(timeIntervalSinceNow: 3600)
        ).record
        #expect(record.isValid() && !record.isValid(at: Date(timeIntervalSinceNow: 3601)))
        let late = await failure { _ = try await store.createToken(name: "b", role: .viewer, expires: .distantPast) }
        #expect(late?.isConstraint == true)
    }

    @Test func `a clock that is put back revives no token, also after a restart`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let store = try Store(folder: folder.url)
        let record = try await store.createToken(
            name: "anna", role: .viewer, expires: Date(timeIntervalSinceNow: 3600)
        ).record
        #expect(try store.tokenCache.isValid(record.id))
        // As if two hours had passed, and were then taken back.
        store.tokenCache.note(Date(timeIntervalSinceNow: 7200))
        #expect(try !store.tokenCache.isValid(record.id))
        try store.close()
        let entry = "INSERT INTO audit (time, method, path, status, request) VALUES (?, 'PUT', '/', 200, '-')"
        let queue = try DatabaseQueue(path: folder.path("slicewise.sqlite"))
        try await queue.write { try $0.execute(sql: entry, arguments: [Date(timeIntervalSinceNow: 7200)]) }
        try queue.close()
        let again = try Store(folder: folder.url)
        #expect(try !again.tokenCache.isValid(record.id))
    }

    @Test func `looking for tokens changes nothing in the folder of a service that was killed`() async throws {
        let folder = try TemporaryFolder()
        defer { folder.keep() }
        let store = try Store(folder: folder.url)
        _ = try await store.createToken(name: "anna", role: .viewer)
        // What a crash leaves: a copy of the files while the service runs.
        let crashed = try TemporaryFolder()
        for end in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: folder.path("slicewise.sqlite" + end), toPath: crashed.path("slicewise.sqlite" + end))
        }
        let before = try ["", "-wal"].map { try Data(contentsOf: crashed.url.appending(path: "slicewise.sqlite" + $0)) }
        #expect(before[1].count > 0)
        #expect(try Store.hasTokens(in: crashed.url))
        let after = try ["", "-wal"].map { try Data(contentsOf: crashed.url.appending(path: "slicewise.sqlite" + $0)) }
        #expect(before == after)
    }

    @Test func `a token of a project has no right in a new project of the same name`() async throws {
        let fixture = try StoreFixture()
        let missing = await failure {
            _ = try await fixture.store.createToken(name: "anna", role: .admin, projects: ["kidney"])
        }
        #expect(missing?.isNotFound == true)
        #expect(try fixture.store.tokenCache.tokens().isEmpty)
        _ = try await fixture.project()
        _ = try await fixture.project("liver")
        _ = try await fixture.store.createToken(name: "anna", role: .admin, projects: ["kidney", "liver"])
        #expect(try fixture.store.tokenCache.tokens().first?.scope == .projects(["kidney", "liver"]))
        try await fixture.store.deleteProject(named: "kidney")
        _ = try await fixture.project()
        #expect(try fixture.store.tokenCache.tokens().first?.scope == .projects(["liver"]))
        try await fixture.store.deleteProject(named: "liver")
        #expect(try fixture.store.tokenCache.tokens().first?.scope == .projects([]))
    }

    @Test func `roles rise`() {
        #expect(Role.allCases.sorted() == [.worker, .viewer, .annotator, .trainer, .admin])
        #expect(Role.allCases.filter { Role.trainer.permits($0) } == [.viewer, .annotator, .trainer])
        // Workers stand apart.
        #expect(Role.allCases.filter { Role.worker.permits($0) } == [.worker])
        #expect(Role.allCases.allSatisfy { Role.admin.permits($0) })
    }
}
