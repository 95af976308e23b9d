import Network
import Tensors
import Testing

@Suite struct LearnedPartTests {
    private func parts(base: Int, deepOutputs: Int? = nil, rule: OptimizerRule = .muon()) throws -> (
        graph: NetworkGraph, parts: [LearnedPart]
    ) {
        let configuration = UNetConfiguration(
            channels: 1, classes: 3, base: base, levels: 4, deepOutputs: deepOutputs)
        let network = try UNet(zeros: configuration)
        let learner = try Engine(threads: 1).makeLearner(
            for: network, LearnerSettings(classWeights: [1, 1, 1], optimizer: rule))
        return (network.graph, try #require(learner as? any SharedLearner).parts)
    }

    @Test(arguments: [2, 8, 16], [nil, 3] as [Int?])
    func `the parts of a network are all that it learns, each value once`(base: Int, deepOutputs: Int?) throws {
        let (graph, parts) = try parts(base: base, deepOutputs: deepOutputs)
        let sorted = parts.map(\.range).sorted { $0.lowerBound < $1.lowerBound }
        #expect(sorted.first?.lowerBound == 0 && sorted.last?.upperBound == graph.parameterCount)
        for (one, next) in zip(sorted, sorted.dropFirst()) { #expect(one.upperBound == next.lowerBound) }
        // Only the last layers may be less than a message is worth.
        #expect(sorted.dropLast().allSatisfy { $0.count >= 16_384 })
    }

    @Test(arguments: [OptimizerRule.muon(), .adam(), .sgd()])
    func `two ranks have about as much to do, and each part has one owner`(rule: OptimizerRule) throws {
        let parts = try parts(base: 8, rule: rule).parts
        let owners = parts.owners(among: 2)
        #expect(owners.count == parts.count && owners == parts.owners(among: 2))
        let loads = (0..<2).map { rank in zip(parts, owners).reduce(0) { $0 + ($1.1 == rank ? $1.0.cost : 0) } }
        #expect(abs(loads[0] - loads[1]) * 10 < loads[0] + loads[1])
    }

    @Test func `there may be more ranks than parts`() throws {
        let parts = try parts(base: 2).parts
        #expect(Set(parts.owners(among: parts.count + 5)).count == parts.count)
        #expect(Set(parts.owners(among: 1)) == [0])
    }
}
