/// How weights are updated from their gradients.
package enum OptimizerRule: Hashable, Sendable {
    /// Orthogonalized momentum for kernels, Adam for everything else (Jordan et al. 2024).
    case muon(momentum: Double = 0.9, decay: Double = 0)
    /// Kingma and Ba 2015; the decay is decoupled from the gradient (Loshchilov and Hutter 2019).
    case adam(decay: Double = 0)
    /// Stochastic gradient descent with momentum; the decay is added to the gradient.
    case sgd(momentum: Double = 0.9, decay: Double = 0)
}
