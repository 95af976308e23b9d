/// A range of a network's learned values that can be updated by itself: one or more layers, each whole.
package struct LearnedPart: Hashable, Sendable {
    /// Where its values lie among the learned ones.
    package let range: Range<Int>
    /// About how long its update takes, in multiplications.
    package let cost: Int

    package init(range: Range<Int>, cost: Int) {
        self.range = range
        self.cost = cost
    }

    /// The parts of a network, in the order in which backward passes complete their gradients, whatever the shape of the
    /// batch.
    ///
    /// Layers of fewer than `least` values go together with the next, as each part is a message.
    static func parts(
        of graph: NetworkGraph, least: Int = 16_384, cost: (Parameters.Entry) -> Int
    ) -> [LearnedPart] {
        var parts: [(range: Range<Int>, cost: Int, completion: Int)] = []
        for (entry, completion) in zip(Parameters.entries(of: graph), graph.completions) {
            if let last = parts.last, !entry.isKernel || last.range.count < least {
                parts[parts.count - 1] = (
                    last.range.lowerBound..<entry.range.upperBound, last.cost + cost(entry),
                    min(last.completion, completion)
                )
            } else {
                parts.append((entry.range, cost(entry), completion))
            }
        }
        return parts.sorted { ($0.completion, $0.range.lowerBound) > ($1.completion, $1.range.lowerBound) }
            .map { LearnedPart(range: $0.range, cost: $0.cost) }
    }
}

extension [LearnedPart] {
    /// The rank that updates each part, so that all have about as much to do: the dearest part first, each to the rank that
    /// has least.
    package func owners(among ranks: Int) -> [Int] {
        var owners = [Int](repeating: 0, count: count)
        var loads = [Int](repeating: 0, count: ranks)
        for number in dearestFirst {
            let owner = loads.indices.reduce(0) { loads[$1] < loads[$0] ? $1 : $0 }
            owners[number] = owner
            loads[owner] += self[number].cost
        }
        return owners
    }

    /// The indices of the parts by what they cost.
    package var dearestFirst: [Int] { indices.sorted { (self[$1].cost, $0) < (self[$0].cost, $1) } }
}

extension NetworkGraph {
    /// For each learned tensor, in order, the node after which a backward pass, which goes from the last node to the first,
    /// has completed its gradient.
    fileprivate var completions: [Int] {
        nodes.flatMap { node in
            node.tensors.filter(\.isLearned).map { _ in node.operation == .deepOutput ? node.inputs[0] : node.id }
        }
    }
}
