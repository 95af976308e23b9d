import API
import Foundation
import HTTP
import JSON
import Jobs
import Logging
import Store
import Synchronization
import TestSupport
import Testing
import Training
import Volumes

/// The whole interface on a store in a temporary folder, driven in memory.
struct APIFixture: Sendable {
    let folder: TemporaryFolder
    let store: Store
    let jobs: JobQueue
    let predictions: PredictionService
    let router: Router
    private let responder: Responder

    init(
        settings: APISettings = APISettings(), work: (any JobWork)? = IdleWork(), computesJobs: Bool = true
    ) throws {
        folder = try TemporaryFolder()
        store = try Store(folder: folder.url.appending(path: "data"))
        var ofJobs = JobSettings()
        ofJobs.computesJobs = computesJobs
        predictions = PredictionService(store: store, settings: ofJobs)
        jobs =
            work.map { [store, ofJobs] work in JobQueue(store: store, settings: ofJobs, logger: .silent, work: work) }
            ?? JobQueue(store: store, predictions: predictions, logger: .silent)
        var router = Router(logger: .silent)
        API(store: store, jobs: jobs, predictions: predictions, settings: settings).register(on: &router)
        self.router = router
        responder = router.freeze()
    }

    /// Asks and waits for the whole answer.
    func callAsFunction(
        _ method: HTTP.Method = .get, _ target: String, headers: Headers = [:], _ body: [UInt8]? = nil
    ) async throws -> Reply {
        let request = try Request(method, target, headers: headers, body: body.map(Body.bytes) ?? .empty)
        let response = await responder.respond(to: request)
        let reply = Reply(
            status: response.status, headers: response.headers, body: try await response.body.bytes())
        let faults = try await documented().faults(of: reply, to: method, request.path)
        #expect(faults == [], "\(method) \(target) answers what /openapi.json does not tell")
        return reply
    }

    /// The calls of /openapi.json, which are the same in every world.
    private func documented() async throws -> Documented {
        if let known = Documented.known.withLock(\.self) { return known }
        let response = try await responder.respond(to: Request(.get, "/openapi.json"))
        guard response.status == 200 else { return Documented() }
        let documented = Documented(try JSONValue(json: Data(try await response.body.bytes())))
        Documented.known.withLock { $0 = documented }
        return documented
    }

    func callAsFunction(_ method: HTTP.Method, _ target: String, _ text: String) async throws -> Reply {
        try await self(method, target, Array(text.utf8))
    }

    /// A project `p` with the classes out, in and edge, and a volume `v` in it.
    @discardableResult
    func furnish(_ image: InMemoryVolume) async throws -> Reply {
        let project = try await self(
            .put, "/v1/projects/p", #"{"classes":[{"name":"out"},{"name":"in"},{"name":"edge"}]}"#)
        #expect(project.status == 201)
        let volume = try await self(.put, "/v1/projects/p/volumes/v", file(image))
        #expect(volume.status == 201)
        return volume
    }

    /// A volume as a file's bytes.
    func file(_ volume: any VoxelSource, as format: VolumeFormat = .nifti) throws -> [UInt8] {
        let url = folder.url.appending(path: "\(UUID().uuidString).\(format.fileExtension)")
        try writeVolume(volume, as: format, to: url)
        return [UInt8](try Data(contentsOf: url))
    }

    /// A file's bytes as a volume.
    func volume(_ bytes: [UInt8]) throws -> any VoxelSource {
        let url = folder.url.appending(path: UUID().uuidString)
        try Data(bytes).write(to: url)
        return try openVolume(at: url, scratch: folder.url)
    }
}

extension APIFixture {
    /// Makes a token; the headers that present it.
    func token(_ name: String, _ role: Role, projects: [String]? = nil) async throws -> Headers {
        let text = try await store.createToken(name: name, role: role, projects: projects).text
        return ["Authorization": "Bearer \(text)"]
    }
}
