/// All numbers of a network in one arena, with a name for each slice; gradients and moments mirror it.
///
/// Learned values come first, running statistics after them, so that an optimizer works on one prefix.
package final class Parameters {
    /// One named slice.
    package struct Entry: Hashable, Sendable {
        package let name: String
        package let shape: [Int]
        /// The first of its values in the arena.
        package let offset: Int

        package var count: Int { shape.reduce(1, *) }

        /// Where its values lie.
        var range: Range<Int> { offset..<offset + count }

        /// Whether it weighs neighbouring voxels: a convolution's or an up-convolution's weights.
        var isKernel: Bool { shape.count == 5 && shape[2...].contains { $0 > 1 } }
    }

    package let entries: [Entry]
    /// How many values, from the start, are learned.
    package let learnedCount: Int
    package let values: UnsafeMutableBufferPointer<Float>
    private let index: [String: Int]

    /// Lays out zeros for the tensors of a graph.
    package convenience init(_ graph: NetworkGraph) {
        self.init(Self.entries(of: graph), learnedCount: graph.parameterCount)
    }

    /// Where the values of a graph's tensors lie among all: the learned ones, then the running statistics.
    static func entries(of graph: NetworkGraph) -> [Entry] {
        var offset = 0
        return (graph.learned + graph.running).map { tensor in
            defer { offset += tensor.count }
            return Entry(name: tensor.name, shape: tensor.shape, offset: offset)
        }
    }

    private init(_ entries: [Entry], learnedCount: Int) {
        self.entries = entries
        self.learnedCount = learnedCount
        index = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
        let count = entries.last?.range.upperBound ?? 0
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
        values = UnsafeMutableBufferPointer(
            start: memory.initializeMemory(as: Float.self, repeating: 0, count: count), count: count)
    }

    deinit { values.baseAddress.map { UnsafeMutableRawPointer($0).deallocate() } }

    /// Zeros with the same names and shapes.
    package func zeros() -> Parameters { Parameters(entries, learnedCount: learnedCount) }

    /// The running statistics, one after another.
    package var running: UnsafeMutableBufferPointer<Float> { self[learnedCount..<values.count] }

    package func entry(_ name: String) -> Entry? { index[name].map { entries[$0] } }

    /// The values of a slice; nil where there is none of that name.
    package subscript(name: String) -> UnsafeMutableBufferPointer<Float>? {
        entry(name).map { self[$0.range] }
    }

    /// A stretch of all values.
    subscript(range: Range<Int>) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(rebasing: values[range])
    }

    /// The learned values alone.
    package var learned: UnsafeMutableBufferPointer<Float> { self[0..<learnedCount] }

    /// Where a slice of the network's own layout begins.
    func pointer(_ name: String) -> UnsafeMutablePointer<Float> {
        guard let start = self[name]?.baseAddress else { preconditionFailure("the network has no tensor \(name)") }
        return start
    }
}
