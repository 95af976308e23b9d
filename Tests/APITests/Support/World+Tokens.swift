import HTTP
import Store

extension World {
    /// Makes a token; the headers that present it.
    func token(_ name: String, _ role: Role, projects: [String]? = nil) async throws -> Headers {
        let text = try await store.createToken(name: name, role: role, projects: projects).text
        return ["Authorization": "Bearer \(text)"]
    }
}
