import Store
import Testing

@Suite struct AuditTests {
    private func entry(_ path: String, project: String? = nil) -> NewAuditEntry {
        NewAuditEntry(token: "anna", project: project, method: "PUT", path: path, status: 201, request: "abc")
    }

    @Test func `the audit log is read newest first, by project, and in pages`() async throws {
        let store = try StoreFixture().store
        for index in 0..<5 { try await store.audit(entry("/\(index)", project: index.isMultiple(of: 2) ? "p" : nil)) }
        let all = try await store.auditLog(limit: 3)
        #expect(all.map(\.entry.path) == ["/4", "/3", "/2"])
        #expect(all.first?.entry == entry("/4", project: "p"))
        #expect(try await store.auditLog(limit: 9, before: all.last?.id).map(\.entry.path) == ["/1", "/0"])
        #expect(try await store.auditLog(project: "p", limit: 9).map(\.entry.path) == ["/4", "/2", "/0"])
        #expect(try await store.auditLog(project: "q", limit: 9).isEmpty)
    }

    @Test func `making and revoking tokens stands in it`() async throws {
        let store = try StoreFixture().store
        _ = try await store.createToken(name: "anna", role: .viewer)
        try await store.revokeToken(named: "anna")
        #expect(try await store.auditLog(limit: 9).map(\.entry.path) == ["token revoke anna", "token create anna"])
    }

    @Test func `a path of any length is kept in part`() async throws {
        let store = try StoreFixture().store
        try await store.audit(entry("/" + String(repeating: "a", count: 5000)))
        #expect(try await store.auditLog(limit: 1).first?.entry.path.count == 2000)
    }
}
