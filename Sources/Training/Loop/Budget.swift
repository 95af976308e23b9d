/// How long to train: whichever limit comes first.
package struct Budget: Codable, Hashable, Sendable {
    package var steps: Int?
    /// Of wall time, waiting for patches and checkpoints included.
    package var seconds: Double?

    package init(steps: Int? = nil, seconds: Double? = nil) {
        self.steps = steps
        self.seconds = seconds
    }

    package init(from decoder: any Decoder) throws {
        try self.init(JSONValue(from: decoder))
    }

    /// Reads `{"steps":…,"seconds":…}` with at least one of the two; `path` is where it stands, for messages.
    package init(_ value: JSONValue, path: String = "budget") throws(TrainingError) {
        var fields = try StrictFields(value, path: path)
        steps = try fields.integer("steps", in: 1...100_000_000)
        seconds = try fields.number("seconds", in: 0.1...31_536_000)
        try fields.finish()
        guard steps != nil || seconds != nil else {
            throw .invalid(field: path, detail: "names neither steps nor seconds")
        }
    }

    /// The part of the budget that is used up, 0 … 1.
    package func used(steps done: Int, seconds passed: Double) -> Double {
        let bySteps = steps.map { Double(done) / Double(max($0, 1)) } ?? 0
        let bySeconds = seconds.map { passed / max($0, .leastNonzeroMagnitude) } ?? 0
        return min(max(bySteps, bySeconds, 0), 1)
    }
}
