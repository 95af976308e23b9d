package import JSON

/// How long to train: whichever limit comes first.
package struct Budget: Hashable, Sendable {
    package var steps: Int?
    /// Wall time in seconds, including waiting for patches and writing checkpoints.
    package var seconds: Double?

    package init(steps: Int? = nil, seconds: Double? = nil) {
        self.steps = steps
        self.seconds = seconds
    }

    static let stepCount = JSONSchema<Int>.integer(in: 1...100_000_000)

    /// `{"steps":…,"seconds":…}` with at least one of the two.
    package static let schema: JSONSchema<Budget> = {
        var schema = JSONSchema.record(record, over: Budget()).checked { budget, path throws(JSONError) in
            guard budget != Budget() else { throw .invalid(field: path, detail: "needs steps, seconds or both") }
        }
        schema.describe("minProperties", 1)
        return schema
    }()

    private static let record = JSONRecord<Budget>(
        "Budget", "How long to train: whichever limit comes first; at least one is needed.",
        [
            JSONField(optional: "steps", \.steps, stepCount, "Training steps"),
            JSONField(optional: "seconds", \.seconds, .number(in: 0.1...31_536_000), "Wall time in seconds"),
        ])

    /// Reads a budget; `path` is its JSON path, for messages.
    package init(_ value: JSONValue, path: String = "budget") throws(TrainingError) {
        self = try TrainingError.reading(Budget.schema, value, path)
    }

    /// The fraction of the budget that is used up, 0 … 1.
    package func used(steps done: Int, seconds passed: Double) -> Double {
        let bySteps = steps.map { Double(done) / Double(max($0, 1)) } ?? 0
        let bySeconds = seconds.map { passed / max($0, .leastNonzeroMagnitude) } ?? 0
        return min(max(bySteps, bySeconds, 0), 1)
    }
}

extension Budget: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(JSONValue(from: decoder))
    }

    package func encode(to encoder: any Encoder) throws {
        try JSONValue.object(Budget.record.write(self)).encode(to: encoder)
    }
}
