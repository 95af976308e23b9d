internal import CKernels

/// An up-convolution planned for the project's own kernels.
package final class BuiltInUpsampling {
    package let shape: ConvolutionShape
    let engine: Engine
    private(set) var raw = ck_upsampling()

    /// Nil if the kernels don't support this shape; they support windows 2×2×2 and 1×2×2.
    package init?(_ shape: ConvolutionShape, engine: Engine) {
        guard shape.transposed, 1...2 ~= shape.kernel[0], shape.kernel[1...] == [2, 2] else { return nil }
        self.shape = shape
        self.engine = engine
        let source = shape.sources[0]
        raw.isa = engine.instructionSet.raw
        raw.threads = engine.team
        raw.in_channels = CInt(source.channels)
        raw.out_channels = CInt(shape.outputs)
        raw.depth = CInt(source.depth)
        raw.height = CInt(source.height)
        raw.width = CInt(source.width)
        raw.window_depth = CInt(shape.kernel[0])
    }

    let algorithm = "multiplication"

    /// Multiplications and additions of one pass over a batch.
    var arithmetic: Int { shape.operations * shape.destination.batch }

    /// The number of floats of the packed weights.
    var weightCount: Int { withUnsafePointer(to: raw) { ck_upsampling_weights_count($0) } }

    /// The number of floats of scratch that the forward or backward-weights pass needs.
    func workspaceCount(forWeights: Bool) -> Int {
        withUnsafePointer(to: raw) { ck_upsampling_workspace_count($0, forWeights ? 1 : 0) }
    }

    func pack(_ weights: UnsafeMutablePointer<Float>, into packed: Buffer, backward: Bool) {
        ck_upsampling_pack(&raw, weights, packed.values, backward ? 1 : 0)
    }

    /// Calls a closure with the upsampling and the source of one sample as the kernels take them.
    func with(
        _ source: ConvolutionInput, sample: Int,
        _ run: (
            UnsafePointer<ck_upsampling>, UnsafePointer<ck_view>, UnsafePointer<Float>?, UnsafePointer<Float>?
        ) -> Void
    ) {
        var view = source.view(sample, engine: engine)
        run(&raw, &view, source.scale(sample), source.shift(sample))
    }
}
