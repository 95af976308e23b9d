import Foundation
import TestSupport
import Testing

/// Jobs that are asked for while things happen, and what has become of them in the end.
struct Errands {
    enum Kind: Hashable {
        /// By its steps: those of as many give the same model, whatever befalls them.
        case training(Int)
        case prediction
        case experiment
        /// Of a volume of several tiles.
        case largePrediction
    }

    private static let steps = [200, 2000, 8000]
    private static let kinds = steps.map { Kind.training($0) } + [.prediction, .experiment]
    /// There is time for large predictions if this is to take long anyway.
    private static let isLong = FaultTests.faults > 40
    private static let recipe =
        #"{"preset":"fast","base":4,"levels":2,"seed":7,"patch":{"z":8,"y":16,"x":16},"augmentation":{"gray":false}}"#
    private static let experiment = """
        {"kind":"crossvalidate","folds":3,"budget":{"steps":\(steps[1])},"recipe":\(recipe),
         "variants":[{"name":"one"}]}
        """
    private static let largePrediction = #"{"kind":"predict","model":"first","volumes":["w"]}"#
    private static let most = 4

    private let folder: URL
    private var data: URL { folder.appending(path: "data") }
    private(set) var jobs: [Int: Kind] = [:]
    private var cancelled: Set<Int> = []

    init(in folder: URL) { self.folder = folder }

    /// Makes a project `p` with an annotated volume `v`, and a model `first`.
    mutating func open(_ server: RunningServer) async throws {
        _ = try await Program.run(
            "phantom", "--size", "16,64,64", "--channels", "1", "--slices", "1", "--out", folder.path)
        _ = try await server.json("PUT", "/v1/projects/p", #"{"classes":[{"name":"a"},{"name":"b"},{"name":"c"}]}"#)
        for (path, file) in [("", "image"), ("/annotations", "sparse")] {
            let bytes = try Data(contentsOf: folder.appending(path: "\(file).nii.gz"))
            try #require(try await server.call("PUT", "/v1/projects/p/volumes/v\(path)", bytes).status < 300)
        }
        if Self.isLong {
            _ = try await Program.run(
                "phantom", "--size", "96,320,320", "--channels", "1", "--slices", "1", "--out", folder.path)
            let bytes = try Data(contentsOf: folder.appending(path: "image.nii.gz"))
            try #require(try await server.call("PUT", "/v1/projects/p/volumes/w", bytes).status < 300)
        }
        try await train("first", steps: Self.steps[0], server)
        _ = try await server.call("GET", "/v1/projects/p/jobs/1/events")
    }

    private mutating func train(_ name: String, steps: Int, _ server: RunningServer) async throws {
        try await ask(
            #"{"kind":"train","name":"\#(name)","from":"scratch","budget":{"steps":\#(steps)},"recipe":\#(Self.recipe)}"#,
            .training(steps), server)
    }

    private mutating func ask(_ request: String, _ kind: Kind, _ server: RunningServer) async throws {
        let job = try await server.json("POST", "/v1/projects/p/jobs", request)
        jobs[try #require(job["id"] as? Int)] = kind
    }

    /// Has so many jobs wait or run that there is something to do for all.
    mutating func keepBusy(_ server: RunningServer, using generator: inout SeededGenerator) async throws {
        let open = try FaultRecords(data).openJobs().count
        for _ in open..<max(open, Self.most) {
            let kinds = Self.isLong ? Self.kinds + [.largePrediction] : Self.kinds
            switch kinds.randomElement(using: &generator) ?? .prediction {
            case .training(let steps): try await train("m\(jobs.count)", steps: steps, server)
            case .prediction:
                try await ask(#"{"kind":"predict","model":"first","volumes":["v"]}"#, .prediction, server)
            case .largePrediction: try await ask(Self.largePrediction, .largePrediction, server)
            case .experiment: try await ask(Self.experiment, .experiment, server)
            }
        }
    }

    /// Cancels one that waits or runs.
    mutating func cancel(_ server: RunningServer, using generator: inout SeededGenerator) async throws {
        guard let job = try FaultRecords(data).openJobs().randomElement(using: &generator) else { return }
        cancelled.insert(job)
        let answer = try await server.call("POST", "/v1/projects/p/jobs/\(job)/cancel", Data())
        // It may just have ended.
        #expect([200, 409].contains(answer.status))
    }

    /// Waits for all jobs: each ends as it should, and what it gives is there once, and right.
    mutating func finish(_ server: RunningServer) async throws {
        var expected: [String: Int] = [:]
        var comparisons: [Data] = []
        var hasLarge = false
        var open = jobs.keys.sorted()
        while !open.isEmpty {
            let id = open.removeFirst()
            _ = try await server.call("GET", "/v1/projects/p/jobs/\(id)/events")
            let job = try await server.json("GET", "/v1/projects/p/jobs/\(id)")
            let (state, model) = (job["state"] as? String, job["model"] as? String)
            let kind = try #require(jobs[id])
            switch state {
            case "succeeded":
                #expect((model == nil) == (kind == .experiment), "\(job)")
                hasLarge = hasLarge || kind == .largePrediction
                if kind == .experiment { comparisons.append(try Self.found(job["result"])) }
            case "cancelled": #expect(cancelled.contains(id), "\(job)")
            default:
                // Three ends came before it got any further.
                #expect(state == "failed" && (job["error"] as? String)?.contains("3 times") == true, "\(job)")
                if model == nil {
                    let again = try await server.json("POST", "/v1/projects/p/jobs/\(id)/retry")
                    let number = try #require(again["id"] as? Int)
                    jobs[number] = kind
                    open.append(number)
                }
            }
            if let model, case .training(let steps) = kind { expected[model] = state == "succeeded" ? steps : 0 }
        }
        let list = try JSONSerialization.jsonObject(with: try await server.call("GET", "/v1/projects/p/models").body)
        let models = (list as? [[String: Any]])?.compactMap { $0["name"] as? String } ?? []
        #expect(models.sorted() == expected.keys.sorted(), "each model once, and no other")
        if !comparisons.isEmpty {
            comparisons.append(try Self.found(try await undisturbed(Self.experiment, server)["result"]))
            #expect(Set(comparisons).count == 1, "experiments that are the same found the same")
        }
        if hasLarge {
            let before = try await prediction("first", of: "w", server)
            _ = try await undisturbed(Self.largePrediction, server)
            #expect(try await prediction("first", of: "w", server) == before)
        }
        for steps in Self.steps {
            let names = expected.filter { $0.value == steps }.keys.sorted()
            guard let first = names.first else { continue }
            let (weights, labels) = (try await server.tensors(of: first), try await prediction(first, server))
            #expect(!weights.isEmpty && labels.count == 16 * 64 * 64)
            for name in names.dropFirst() {
                #expect(try await server.tensors(of: name) == weights, "\(name) is not \(first)")
                #expect(try await prediction(name, server) == labels, "\(name) is not \(first)")
            }
        }
    }

    /// A job once more, with nothing that befalls it.
    private func undisturbed(_ request: String, _ server: RunningServer) async throws -> [String: Any] {
        let id = try #require(try await server.json("POST", "/v1/projects/p/jobs", request)["id"] as? Int)
        _ = try await server.call("GET", "/v1/projects/p/jobs/\(id)/events")
        let job = try await server.json("GET", "/v1/projects/p/jobs/\(id)")
        #expect(job["state"] as? String == "succeeded", "\(job)")
        return job
    }

    /// What an experiment has found, without the times that it took.
    private static func found(_ result: Any?) throws -> Data {
        let runs = try #require((result as? [String: Any])?["runs"] as? [[String: Any]])
        #expect(runs.count == 3)
        let found = runs.map { run in run.filter { !$0.key.contains("seconds") } }
        return try JSONSerialization.data(withJSONObject: found, options: .sortedKeys)
    }

    private func prediction(_ model: String, of volume: String = "v", _ server: RunningServer) async throws -> Data {
        let path = "/v1/projects/p/volumes/\(volume)/prediction?format=raw&model=\(model)"
        let answer = try await server.call("GET", path)
        try #require(answer.status == 200, "\(model): \(String(decoding: answer.body, as: UTF8.self))")
        return answer.body
    }
}
