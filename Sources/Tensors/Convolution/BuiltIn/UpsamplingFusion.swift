internal import CKernels

/// An up-convolution and the convolution after it, computed as one convolution of the up-convolution's source.
///
/// Nothing lies between the two, so both together are linear in the source: every parity of a destination voxel has a
/// kernel of two taps an axis over the source's grid. What is up-convolved need not be stored, and takes 125 products
/// in place of 216, and those of the up-convolution itself are saved; Documentation/Winograd.md derives it.
package final class UpsamplingFusion {
    /// From the up-convolution's source to the convolution's destination; its weights are merged ones.
    package let fused: BuiltInConvolution
    /// The convolution of its other source, which adds to what is there.
    package let other: BuiltInConvolution
    /// Floats before the other source's weights in a row of the convolution's.
    package let otherOffset: Int
    private let upsampling: ConvolutionShape
    private let shape: ck_upsampling_fusion

    /// Nil where it cannot be done, or not sooner than one after the other: the weights have to be multiplied with each
    /// other first, once at every step (`inTraining`) or once for many predictions.
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

    /// Voxels of the source for each channel between the two above which merging was faster.
    private static let leastInTraining = 48
    private static let least = 6

    private var window: Int { upsampling.taps }
    private var taps: Int { 9 * Int(shape.kernel_depth) }
    private var rows: Int { Int(shape.in) }
    private var middle: Int { Int(shape.mid) }
    private var columns: Int { Int(shape.out) * taps }

    /// Floats of the merged weights.
    package var weightCount: Int { window * rows * columns }

    /// Floats of room that `merge` needs, or `split`.
    func workspaceCount(forGradient: Bool) -> Int {
        (window * rows * middle + middle * columns) * (forGradient ? 2 : 1) + rows * columns
    }

    /// Multiplications and additions of one merge.
    var arithmetic: Int { 2 * window * rows * middle * columns }

    /// merged ← the weights of both, multiplied.
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

    /// The gradients of both weights from that of the merged ones; the other source's are left as they are.
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
