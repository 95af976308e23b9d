import Network
import Tensors
import Testing

extension TrainingPassTests {
    enum Kind: CaseIterable {
        case muon, adam, momentum

        func make(for parameters: Parameters, _ engine: Engine) -> any Optimizer {
            switch self {
            case .muon: Muon(for: parameters, engine: engine)
            case .adam: Adam(for: parameters, engine: engine)
            case .momentum: MomentumSGD(for: parameters, engine: engine)
            }
        }
    }

    @Test(arguments: Kind.allCases)
    func `training goes on from a checkpoint as if it had never stopped`(kind: Kind) throws {
        let engine = try Engine()
        func run(_ network: UNet, _ optimizer: any Optimizer, steps: Range<Int>) throws -> [Double] {
            let pass = try TrainingPass(network, input: shape, engine: engine)
            return try steps.map { step in
                fill(pass, seed: UInt64(step))
                let loss = try pass.step(classWeights: [1, 1, 1])
                try optimizer.update(network.parameters, gradients: pass.gradients, rate: 1e-2)
                return loss
            }
        }
        let whole = try network()
        let expected = try run(whole, kind.make(for: whole.parameters, engine), steps: 0..<10)

        let first = try network()
        let optimizer = kind.make(for: first.parameters, engine)
        _ = try run(first, optimizer, steps: 0..<5)
        let saved = try Checkpoint(network: first, optimizer: optimizer, step: 5, randomState: [1, 2, 3, 4])
        let restored = try Checkpoint(saved.encoded)
        #expect(restored.step == 5)
        #expect(restored.randomState == [1, 2, 3, 4])
        let second = try restored.makeNetwork()
        let again = kind.make(for: second.parameters, engine)
        try restored.restore(again)
        #expect(try run(second, again, steps: 5..<10) == Array(expected[5...]))
    }

    @Test(arguments: Kind.allCases) func `a few steps lower the loss`(kind: Kind) throws {
        let network = try network(), engine = try Engine()
        let pass = try TrainingPass(network, input: shape, engine: engine)
        let optimizer = kind.make(for: network.parameters, engine)
        fill(pass, seed: 9)
        var losses: [Double] = []
        for _ in 0..<30 {
            losses.append(try pass.step(classWeights: [1, 1, 1]))
            try optimizer.update(network.parameters, gradients: pass.gradients, rate: 1e-2)
        }
        #expect(try #require(losses.last) < 0.5 * losses[0])
    }
}
