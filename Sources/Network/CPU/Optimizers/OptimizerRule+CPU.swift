internal import Tensors

extension OptimizerRule {
    /// A new optimizer on the processor.
    func makeOptimizer(for parameters: Parameters, engine: Engine) -> any Optimizer {
        switch self {
        case .muon(let momentum, let decay): Muon(for: parameters, momentum: momentum, decay: decay, engine: engine)
        case .adam(let decay): Adam(for: parameters, decay: decay, engine: engine)
        case .sgd(let momentum, let decay):
            MomentumSGD(for: parameters, momentum: momentum, decay: decay, engine: engine)
        }
    }
}
