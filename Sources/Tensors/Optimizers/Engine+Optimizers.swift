internal import CKernels

/// The optimizers' updates, element by element over whole arenas.
extension Engine {
    /// Adam (Kingma and Ba 2015) with decoupled decay; `step` counts from 1.
    package func adam(
        _ values: UnsafeMutableBufferPointer<Float>, gradients: UnsafeBufferPointer<Float>,
        first: UnsafeMutableBufferPointer<Float>, second: UnsafeMutableBufferPointer<Float>, step: Int, rate: Double,
        beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, decay: Double
    ) {
        guard let values = values.baseAddress, let gradient = gradients.baseAddress, let first = first.baseAddress,
            let second = second.baseAddress
        else { return }
        let correction1 = 1 - power(beta1, step)
        let correction2 = (1 - power(beta2, step)).squareRoot()
        layers.adam(
            values, gradient, first, second, gradients.count, Float(rate * correction2 / correction1), Float(beta1),
            Float(beta2), Float(epsilon * correction2), Float(rate * decay), team)
    }

    /// Stochastic gradient descent with momentum; the decay is added to the gradient.
    package func momentum(
        _ values: UnsafeMutableBufferPointer<Float>, gradients: UnsafeBufferPointer<Float>,
        velocity: UnsafeMutableBufferPointer<Float>, rate: Double, momentum: Double, decay: Double
    ) {
        guard let values = values.baseAddress, let gradient = gradients.baseAddress, let velocity = velocity.baseAddress
        else { return }
        layers.momentum(
            values, gradient, velocity, gradients.count, Float(rate), Float(momentum), Float(decay), team)
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        var result = 1.0, factor = base, rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result *= factor }
            factor *= factor
            rest >>= 1
        }
        return result
    }
}
