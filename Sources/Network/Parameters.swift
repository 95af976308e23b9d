/// All values of a network in one arena, divided into named tensors; gradients and moments have the same layout.
///
/// Learned values come first, then running statistics, so that an optimizer works on one prefix.
package final class Parameters {
    /// A named tensor.
    package struct Entry: Hashable, Sendable {
        package let name: String
        package let shape: [Int]
        /// The index of its first value in the arena.
        package let offset: Int

        package var count: Int { shape.reduce(1, *) }

        /// The range of its values in the arena.
        var range: Range<Int> { offset..<offset + count }

        /// Whether it is the kernel of a convolution or up-convolution of more than one voxel.
        var isKernel: Bool { shape.count == 5 && shape[2...].contains { $0 > 1 } }
    }

    package let entries: [Entry]
    /// The number of learned values, which come first.
    package let learnedCount: Int
    package let values: UnsafeMutableBufferPointer<Float>
    private let index: [String: Int]
    /// What the values' memory belongs to; nil if it is their own.
    private let owner: AnyObject?

    /// Zeros for the tensors of a graph.
    package convenience init(_ graph: NetworkGraph) {
        self.init(Self.entries(of: graph), learnedCount: graph.parameterCount)
    }

    /// The layout of a graph's tensors: the learned ones, then the running statistics.
    static func entries(of graph: NetworkGraph) -> [Entry] {
        var offset = 0
        return (graph.learned + graph.running).map { tensor in
            defer { offset += tensor.count }
            return Entry(name: tensor.name, shape: tensor.shape, offset: offset)
        }
    }

    private convenience init(_ entries: [Entry], learnedCount: Int) {
        let count = entries.last?.range.upperBound ?? 0
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
        self.init(
            entries, learnedCount: learnedCount,
            at: memory.initializeMemory(as: Float.self, repeating: 0, count: count), owner: nil)
    }

    private init(
        _ entries: [Entry], learnedCount: Int, at memory: UnsafeMutablePointer<Float>, owner: AnyObject?
    ) {
        self.entries = entries
        self.learnedCount = learnedCount
        self.owner = owner
        index = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
        values = UnsafeMutableBufferPointer(start: memory, count: entries.last?.range.upperBound ?? 0)
    }

    deinit {
        guard owner == nil else { return }
        values.baseAddress.map { UnsafeMutableRawPointer($0).deallocate() }
    }

    /// Zeros with the same names and shapes.
    package func zeros() -> Parameters { Parameters(entries, learnedCount: learnedCount) }

    /// The same names and shapes over memory of an object, which lives as long as they do.
    func sameLayout(at memory: UnsafeMutablePointer<Float>, of owner: AnyObject) -> Parameters {
        Parameters(entries, learnedCount: learnedCount, at: memory, owner: owner)
    }

    /// All running statistics, in order.
    package var running: UnsafeMutableBufferPointer<Float> { self[learnedCount..<values.count] }

    package func entry(_ name: String) -> Entry? { index[name].map { entries[$0] } }

    /// The values of a tensor; nil if there is none of that name.
    package subscript(name: String) -> UnsafeMutableBufferPointer<Float>? {
        entry(name).map { self[$0.range] }
    }

    /// A range of all values.
    subscript(range: Range<Int>) -> UnsafeMutableBufferPointer<Float> {
        UnsafeMutableBufferPointer(rebasing: values[range])
    }

    /// The learned values.
    package var learned: UnsafeMutableBufferPointer<Float> { self[0..<learnedCount] }

    /// A pointer to the first value of a tensor that the network must have.
    func pointer(_ name: String) -> UnsafeMutablePointer<Float> {
        guard let start = self[name]?.baseAddress else { preconditionFailure("the network has no tensor \(name)") }
        return start
    }
}
