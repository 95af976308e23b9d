import JSON
import Jobs
import Store
import Training

/// Work that is done as soon as it has begun.
struct IdleWork: JobWork {
    func prepare(_ request: JobRequest, project: ProjectRecord) async throws -> JobRequest { request }

    func run(_ context: JobContext) async throws -> JobOutcome {
        context.log("hardly anything to do")
        return .succeeded(model: nil, result: .object(["done": .bool(true)]))
    }
}
