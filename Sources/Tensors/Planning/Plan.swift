/// A list of operations over one arena: described once, then run many times.
package final class Plan {
    package struct Step {
        package let name: String
        package let operation: any Operation
    }

    package let arena: Arena
    package private(set) var steps: [Step] = []
    /// Where the arena's memory lay when the operations were prepared.
    private var prepared: UnsafeMutablePointer<Float>?

    package init(arena: Arena = Arena()) { self.arena = arena }

    /// Adds an operation at the end; `name` is the layer that it belongs to.
    package func append(_ name: String, _ operation: any Operation) {
        for buffer in operation.buffers { buffer.touch(steps.count) }
        steps.append(Step(name: name, operation: operation))
    }

    /// Allocates the arena and prepares the operations.
    package func allocate() throws(EngineError) {
        arena.allocate()
        try prepare()
    }

    /// Prepares the operations, once more if the memory has moved since, as it grew for another plan.
    private func prepare() throws(EngineError) {
        let place = arena.start
        guard place != prepared else { return }
        for step in steps { try step.operation.prepare() }
        prepared = place
    }

    package func run() throws(EngineError) { try run(..<steps.count) }

    /// Runs the plan; returns false if `goOn`, called before each operation with the fraction done, returned false.
    package func run(while goOn: (Double) -> Bool) throws(EngineError) -> Bool {
        try prepare()
        for (index, step) in steps.enumerated() {
            guard goOn(Double(index) / Double(steps.count)) else { return false }
            try step.operation.run()
        }
        return true
    }

    /// Runs the plan; calls the body after each operation with the number of those that are done.
    package func run(after body: (Int) -> Void) throws(EngineError) {
        try prepare()
        for (index, step) in steps.enumerated() {
            try step.operation.run()
            body(index + 1)
        }
    }

    /// Runs only the first operations.
    package func run(_ range: PartialRangeUpTo<Int>) throws(EngineError) {
        try prepare()
        for step in steps[range] { try step.operation.run() }
    }

    /// Runs everything once and returns the time of each operation.
    package func profile() throws(EngineError) -> [OperationTime] {
        try prepare()
        let clock = ContinuousClock()
        var times: [OperationTime] = []
        for step in steps {
            let start = clock.now
            try step.operation.run()
            let operation = step.operation
            times.append(
                OperationTime(
                    layer: step.name, kind: operation.kind, algorithm: operation.algorithm,
                    arithmetic: operation.arithmetic, seconds: (clock.now - start) / .seconds(1)))
        }
        return times
    }
}
