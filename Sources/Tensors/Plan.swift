/// A list of operations over one arena: described once, then run again and again.
package final class Plan {
    package struct Step {
        package let name: String
        package let operation: any Operation
    }

    package let arena: Arena
    package private(set) var steps: [Step] = []

    package init(arena: Arena = Arena()) { self.arena = arena }

    /// Adds an operation at the end; `name` says which layer it serves.
    package func append(_ name: String, _ operation: any Operation) {
        for buffer in operation.buffers { buffer.touch(steps.count) }
        steps.append(Step(name: name, operation: operation))
    }

    /// Allocates the arena and lets the operations take their pointers.
    package func allocate() throws(EngineError) {
        arena.allocate()
        for step in steps { try step.operation.prepare() }
    }

    package func run() throws(EngineError) { try run(..<steps.count) }

    /// Runs the first operations alone.
    package func run(_ range: PartialRangeUpTo<Int>) throws(EngineError) {
        for step in steps[range] { try step.operation.run() }
    }

    /// Runs everything once and tells the seconds of each operation.
    package func profile() throws(EngineError) -> [(name: String, kind: String, seconds: Double)] {
        let clock = ContinuousClock()
        var times: [(name: String, kind: String, seconds: Double)] = []
        for step in steps {
            let start = clock.now
            try step.operation.run()
            times.append((step.name, step.operation.kind, (clock.now - start) / .seconds(1)))
        }
        return times
    }
}
