internal import CKernels

/// An up-convolution and the convolution after it, computed as one convolution of the up-convolution's source.
///
/// There is no activation between the two, so together they are linear in the source: each parity of a destination
/// voxel has a kernel of two taps per axis over the source's grid. The up-convolved values need not be stored, their
/// convolution takes 125 products instead of 216, and the up-convolution takes none; see Documentation/Winograd.md.
package final class UpsamplingFusion {
    /// The convolution with merged weights, from the up-convolution's source to the destination.
    package let fused: BuiltInConvolution
    /// The convolution of the other source, whose result is added to the destination.
    package let other: BuiltInConvolution
    /// The offset of the other source's weights in a row of the convolution's weights, in floats.
    package let otherOffset: Int
    private let upsampling: ConvolutionShape
    private let shape: ck_upsampling_fusion

    /// Nil if the kernels don't support it, or if it isn't faster: merging multiplies the weights of both, at every
    /// step (`inTraining`) or once for many predictions.
    package init?(
        _ upsampling: ConvolutionShape, then convolution: ConvolutionShape, inTraining: Bool, engine: Engine
    ) {
        let source = upsampling.sources[0], mid = upsampling.outputs
        guard engine.kernels != .oneDNN, source.batch == 1, convolution.sources.count == 2,
            engine.kernels == .own || source.voxels > (inTraining ? Self.leastInTraining : Self.least) * mid
        else { return nil }
        let inputs = convolution.inputs
        let second = ConvolutionShape(
            sources: [convolution.sources[1]], outputs: convolution.outputs, kernel: convolution.kernel,
            padding: convolution.padding)
        guard let fused = BuiltInConvolution(upsampling, then: convolution, engine: engine),
            let other = BuiltInConvolution(second, order: .blocked, weightInputs: inputs, engine: engine)
        else { return nil }
        self.fused = fused
        self.other = other
        self.upsampling = upsampling
        otherOffset = mid * convolution.taps
        shape = ck_upsampling_fusion(
            in: CInt(source.channels), mid: CInt(mid), out: CInt(convolution.outputs), inputs: CInt(inputs),
            kernel_depth: CInt(convolution.kernel[0]), window_depth: CInt(upsampling.kernel[0]), threads: engine.team)
    }

    /// Merging is faster above this number of source voxels per channel of the up-convolution's result (measured).
    private static let leastInTraining = 48
    private static let least = 6

    private var window: Int { upsampling.taps }
    private var taps: Int { 9 * Int(shape.kernel_depth) }
    private var rows: Int { Int(shape.in) }
    private var middle: Int { Int(shape.mid) }
    private var columns: Int { Int(shape.out) * taps }

    /// The number of merged weights.
    package var weightCount: Int { window * rows * columns }

    /// The number of floats of scratch that `merge`, or `split` (`forGradient`), needs.
    func workspaceCount(forGradient: Bool) -> Int {
        (window * rows * middle + middle * columns) * (forGradient ? 2 : 1) + rows * columns
    }

    /// Multiplications and additions of one merge.
    var arithmetic: Int { 2 * window * rows * middle * columns }

    /// Multiplies the weights of both into merged weights.
    func merge(
        _ upWeights: UnsafeMutablePointer<Float>, _ weights: UnsafeMutablePointer<Float>,
        into fused: UnsafeMutablePointer<Float>, workspace: UnsafeMutablePointer<Float>
    ) throws(EngineError) {
        let second = workspace + window * rows * middle, products = second + middle * columns
        withUnsafePointer(to: shape) {
            ck_upsampling_fusion_window($0, upWeights, workspace)
            ck_upsampling_fusion_kernel($0, weights, second)
        }
        fused.update(repeating: 0, count: weightCount)
        for tap in 0..<window {
            try multiply(workspace + tap * rows * middle, second, into: products, rows, columns, middle)
            withUnsafePointer(to: shape) { ck_upsampling_fusion_add($0, CInt(tap), products, fused) }
        }
    }

    /// Computes the gradients of both weights from that of the merged ones; the other source's gradient is not changed.
    func split(
        _ gradient: UnsafeMutablePointer<Float>, _ upWeights: UnsafeMutablePointer<Float>,
        _ weights: UnsafeMutablePointer<Float>, upGradient: UnsafeMutablePointer<Float>,
        weightGradient: UnsafeMutablePointer<Float>, workspace: UnsafeMutablePointer<Float>
    ) throws(EngineError) {
        let size = window * rows * middle
        let second = workspace + size, products = second + middle * columns
        let firstGradient = products + rows * columns, secondGradient = firstGradient + size
        withUnsafePointer(to: shape) {
            ck_upsampling_fusion_window($0, upWeights, workspace)
            ck_upsampling_fusion_kernel($0, weights, second)
        }
        for tap in 0..<window {
            let offset = tap * rows * middle
            withUnsafePointer(to: shape) { ck_upsampling_fusion_take($0, CInt(tap), gradient, products) }
            try multiply(
                products, second, transposed: (false, true), into: firstGradient + offset, rows, middle, columns)
            try multiply(
                workspace + offset, products, transposed: (true, false), into: secondGradient, middle, columns, rows,
                keeping: tap > 0 ? 1 : 0)
        }
        withUnsafePointer(to: shape) {
            ck_upsampling_fusion_window_back($0, firstGradient, upGradient)
            ck_upsampling_fusion_kernel_back($0, secondGradient, weightGradient)
        }
    }
}
