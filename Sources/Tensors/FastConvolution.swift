internal import CKernels

/// A convolution planned for the project's own kernels: Winograd's, or direct ones for images of few channels.
package final class FastConvolution {
    package let shape: ConvolutionShape
    /// Forward sums of the results, Σz and Σz² for each sample and padded channel, where they are wanted.
    package let sums: ChannelSums
    let raw: OpaquePointer
    let engine: Engine

    /// Nil where the kernels have no way for this shape: they know 3×3×3 and 1×3×3 with stride 1.
    package init?(_ shape: ConvolutionShape, order: Tensor.Order, engine: Engine) {
        guard !shape.transposed, shape.sources.count <= 2, shape.kernel[1...] == [3, 3], shape.kernel[0] != 2 else {
            return nil
        }
        let source = shape.sources[0]
        var described = ck_conv_shape()
        described.segments = CInt(shape.sources.count)
        described.segment_channels = (
            CInt(source.channels), shape.sources.count > 1 ? CInt(shape.sources[1].channels) : 0
        )
        described.out_channels = CInt(shape.outputs)
        described.depth = CInt(source.depth)
        described.height = CInt(source.height)
        described.width = CInt(source.width)
        described.kernel_depth = CInt(shape.kernel[0])
        described.padding = CInt(shape.padding[2])
        described.plain = order == .plain ? 1 : 0
        var options = ck_conv_options()
        options.isa = engine.instructionSet.raw
        options.threads = engine.team
        guard let raw = ck_conv_plan_create(&described, &options) else { return nil }
        self.raw = raw
        self.shape = shape
        self.engine = engine
        sums = ChannelSums(samples: shape.destination.batch, channels: shape.outputs, engine: engine)
    }

    deinit { ck_conv_plan_destroy(raw) }

    /// "winograd 4×4×4" or "direct".
    var algorithm: String { String(cString: ck_conv_describe(raw)) }

    /// Multiplications and additions of one pass over a batch if done directly.
    var arithmetic: Int { shape.operations * shape.destination.batch }

    var workspaceCount: Int { (ck_conv_workspace_bytes(raw) + 3) / 4 }

    func weightCount(backward: Bool) -> Int { (ck_conv_weights_bytes(raw, backward ? 1 : 0) + 3) / 4 }

    /// The prologue that turns sources into what is convolved, for one sample.
    static func prologue(_ sources: [Source], sample: Int) -> ck_conv_prologue {
        var prologue = ck_conv_prologue()
        prologue.scale.0 = sources[0].scale(sample)
        prologue.shift.0 = sources[0].shift(sample)
        guard sources.count > 1 else { return prologue }
        prologue.scale.1 = sources[1].scale(sample)
        prologue.shift.1 = sources[1].shift(sample)
        return prologue
    }
}
