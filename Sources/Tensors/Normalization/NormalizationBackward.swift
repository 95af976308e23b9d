internal import CKernels

/// The gradient through ReLU and normalisation: `gradient` at y becomes the gradient at z, in place.
package final class NormalizationBackward: Operation {
    package var kind: String { "norm and ReLU backward" }
    package let buffers: [Buffer]
    private let values: Tensor
    private let scaleShift: ScaleShift
    private let gradient: Tensor
    private let scaleGradient: WeightLocation
    private let shiftGradient: WeightLocation
    private let engine: Engine
    private let sums: Accumulator
    /// Σg / M and Σg·x̂ / M, padded.
    private let means: Buffer

    /// The gradients of scale and shift are overwritten.
    package init(
        of values: Tensor, scaleShift: ScaleShift, gradient: Tensor, scaleGradient: WeightLocation,
        shiftGradient: WeightLocation, arena: Arena, engine: Engine
    ) {
        self.values = values
        self.scaleShift = scaleShift
        self.gradient = gradient
        self.scaleGradient = scaleGradient
        self.shiftGradient = shiftGradient
        self.engine = engine
        sums = Accumulator(count: 2 * scaleShift.padded, engine: engine)
        means = arena.reserve(2 * scaleShift.padded)
        buffers =
            [values.buffer, gradient.buffer, means] + scaleShift.buffers + scaleGradient.buffers
            + shiftGradient.buffers
    }

    package func run() {
        let padded = scaleShift.padded, blocks = CInt(scaleShift.padded / engine.lanes), voxels = values.shape.voxels
        let channels = values.shape.channels
        let perGroup = values.shape.batch / scaleShift.groups
        let (scaleGradient, shiftGradient) = (scaleGradient.values, shiftGradient.values)
        scaleGradient.update(repeating: 0, count: channels)
        shiftGradient.update(repeating: 0, count: channels)
        for group in 0..<scaleShift.groups {
            let samples = group * perGroup..<(group + 1) * perGroup
            let start = scaleShift.groups == 1 ? 0 : group * padded
            let (scale, shift) = (scaleShift.scale.values + start, scaleShift.shift.values + start)
            let (mean, inverse) = (scaleShift.mean.values + start, scaleShift.inverse.values + start)
            sums.clear()
            for sample in samples {
                engine.layers.norm_backward_sums(
                    values.kept(sample), gradient.sample(sample), scale, shift, mean, inverse, blocks, voxels,
                    sums.totals, sums.partial, engine.team)
            }
            let count = Double(samples.count * voxels)
            for channel in 0..<channels {
                shiftGradient[channel] += Float(sums.totals[channel])
                scaleGradient[channel] += Float(sums.totals[padded + channel])
            }
            for index in 0..<2 * padded { means.values[index] = Float(sums.totals[index] / count) }
            for sample in samples {
                engine.layers.norm_backward(
                    values.kept(sample), gradient.sample(sample), scale, shift, mean, inverse, means.values,
                    means.values + padded, blocks, voxels, engine.team)
            }
        }
    }
}
