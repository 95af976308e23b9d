package import Tensors

/// Muon for the kernels, Adam for everything else: normalization, biases and the output layers.
///
/// After Jordan et al. 2024: a kernel is treated as a matrix, its first axis by all others. The Nesterov momentum of
/// its gradient is orthogonalized, so that rare directions are learned as fast as frequent ones, and scaled to the size
/// of Adam's updates (a fifth of the rate on average, Liu et al. 2025), so that both use the same rate and decay.
package final class Muon: Optimizer {
    /// A range of the arena.
    private enum Part {
        case kernel(Range<Int>, rows: Int)
        case rest(Range<Int>)
    }

    package var steps = 0
    private let first: Parameters
    private let second: Parameters
    private let momentum: Double
    private let decay: Double
    private let engine: Engine
    private let parts: [Part]
    private let orthogonalization: Orthogonalization
    /// Scratch for the update direction of one kernel.
    private let direction: UnsafeMutableBufferPointer<Float>

    package init(for parameters: Parameters, momentum: Double = 0.9, decay: Double = 0, engine: Engine) {
        first = parameters.zeros()
        second = parameters.zeros()
        self.momentum = momentum
        self.decay = decay
        self.engine = engine
        var parts: [Part] = [], largest = 0, side = 0
        for entry in parameters.entries where entry.offset < parameters.learnedCount {
            let range = entry.range
            if entry.isKernel {
                let rows = entry.shape[0]
                parts.append(.kernel(range, rows: rows))
                largest = max(largest, range.count)
                side = max(side, min(rows, range.count / rows))
            } else if case .rest(let before) = parts.last {
                parts[parts.count - 1] = .rest(before.lowerBound..<range.upperBound)
            } else {
                parts.append(.rest(range))
            }
        }
        self.parts = parts
        orthogonalization = Orthogonalization(side: side)
        direction = .allocate(capacity: largest)
    }

    deinit { direction.deallocate() }

    package func update(
        _ parameters: Parameters, gradients: Parameters, rate: Double, only wanted: Range<Int>
    ) throws {
        for part in parts {
            switch part {
            case .kernel(let range, let rows):
                guard wanted.contains(range.lowerBound) else { continue }
                let size = 0.2 * Double(max(rows, range.count / rows)).squareRoot()
                try orthogonalization.step(
                    parameters[range], along: direct(range, gradients), rows: rows, factor: Float(-rate * size),
                    keeping: Float(1 - rate * decay))
            case .rest(let whole):
                let range = whole.clamped(to: wanted)
                engine.adam(
                    parameters[range], gradients: UnsafeBufferPointer(gradients[range]), first: first[range],
                    second: second[range], step: steps, rate: rate, decay: decay)
            }
        }
    }

    package func cost(of tensor: Parameters.Entry) -> Int {
        let elements = 32 * tensor.count
        guard tensor.isKernel else { return elements }
        let rows = tensor.shape[0], side = min(rows, tensor.count / rows)
        return elements + Orthogonalization.cost(side: side, count: tensor.count)
    }

    package var moments: [(name: String, values: UnsafeMutableBufferPointer<Float>)] {
        [("first", first.learned), ("second", second.learned)]
    }

    /// Adds the gradient to a kernel's velocity and returns the Nesterov direction.
    private func direct(_ range: Range<Int>, _ gradients: Parameters) -> UnsafeBufferPointer<Float> {
        let velocity = first[range], gradient = gradients[range]
        let momentum = Float(momentum)
        for index in 0..<range.count {
            velocity[index] = momentum * velocity[index] + gradient[index]
            direction[index] = momentum * velocity[index] + gradient[index]
        }
        return UnsafeBufferPointer(rebasing: direction[..<range.count])
    }
}
