import JSON
import Jobs
import Store
import Training

/// Work that is done as soon as it has begun.
struct IdleWork: JobWork {
    func prepare(_ request: JobRequest, project: ProjectRecord) async throws -> JobRequest { request }

    func run(_ context: JobContext) async throws -> JobOutcome {
        context.log("hardly anything to do")
        return .succeeded(model: nil, result: Self.result(of: context.job.kind))
    }

    /// An empty result as jobs of the kind have them.
    static func result(of kind: String) -> JSONValue {
        switch kind {
        case "train": ["steps": 0, "seconds": 0, "ending": "completed"]
        case "predict": ["volumes": []]
        default: ["kind": .string(kind), "classes": [], "series": [], "runs": [], "warnings": []]
        }
    }
}
