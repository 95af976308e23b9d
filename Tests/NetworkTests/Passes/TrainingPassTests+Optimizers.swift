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
