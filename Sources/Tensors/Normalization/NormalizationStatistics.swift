internal import CKernels

/// Computes scale and shift of batch or instance normalisation from the values themselves or from running statistics
/// (Ioffe and Szegedy 2015; the running variance averages the unbiased variances).
package final class NormalizationStatistics: Operation {
    package enum Mode: Sendable {
        /// The statistics of the given values; `updatesRunning` also updates the running statistics.
        case current(updatesRunning: Bool)
        case running
    }

    package var kind: String { "norm statistics" }
    package let buffers: [Buffer]
    private let values: Tensor
    private let parameters: NormalizationParameters
    private let mode: Mode
    private let scaleShift: ScaleShift
    private let engine: Engine
    private let sums: Accumulator
    private let measured: ChannelSums?

    /// `measured` is the sums that the convolution before has already computed; nil if it hasn't.
    package init(
        of values: Tensor, parameters: NormalizationParameters, mode: Mode, measured: ChannelSums? = nil,
        into scaleShift: ScaleShift, engine: Engine
    ) {
        self.values = values
        self.parameters = parameters
        self.mode = mode
        self.scaleShift = scaleShift
        self.engine = engine
        self.measured = measured
        buffers = [values.buffer] + scaleShift.buffers
        sums = Accumulator(count: 2 * scaleShift.padded, engine: engine)
    }

    package func run() {
        scaleShift.clear()
        switch mode {
        case .running:
            for group in 0..<scaleShift.groups {
                for channel in 0..<values.shape.channels {
                    set(
                        channel, group: group, mean: parameters.runningMean[channel],
                        variance: parameters.runningVariance[channel])
                }
            }
        case .current(let updatesRunning):
            let perGroup = values.shape.batch / scaleShift.groups
            for group in 0..<scaleShift.groups {
                measure(samples: group * perGroup..<(group + 1) * perGroup, group: group, updatesRunning)
            }
        }
    }

    private func measure(samples: Range<Int>, group: Int, _ updatesRunning: Bool) {
        let padded = scaleShift.padded, voxels = values.shape.voxels
        sums.clear()
        for sample in samples {
            if let measured {
                for index in 0..<2 * padded { sums.totals[index] += measured.sums(sample)[index] }
                continue
            }
            engine.layers.sums(
                values.sample(sample), CInt(padded / engine.lanes), voxels, sums.totals, sums.partial, engine.team)
        }
        let count = Double(samples.count * voxels)
        for channel in 0..<values.shape.channels {
            let mean = sums.totals[channel] / count
            let variance = max(0, sums.totals[padded + channel] / count - mean * mean)
            set(channel, group: group, mean: Float(mean), variance: Float(variance))
            guard updatesRunning else { continue }
            let part = parameters.momentum / Float(scaleShift.groups)
            let unbiased = count > 1 ? variance * count / (count - 1) : variance
            parameters.runningMean[channel] += part * (Float(mean) - parameters.runningMean[channel])
            parameters.runningVariance[channel] += part * (Float(unbiased) - parameters.runningVariance[channel])
        }
    }

    private func set(_ channel: Int, group: Int, mean: Float, variance: Float) {
        let index = group * scaleShift.padded + channel
        let inverse = 1 / (variance + parameters.epsilon).squareRoot()
        scaleShift.mean.values[index] = mean
        scaleShift.inverse.values[index] = inverse
        scaleShift.scale.values[index] = parameters.scale[channel] * inverse
        scaleShift.shift.values[index] = parameters.shift[channel] - mean * parameters.scale[channel] * inverse
    }
}
