internal import CKernels

/// A convolution planned for the project's own kernels: Winograd, or direct ones for images of few channels.
package final class BuiltInConvolution {
    /// Multiplications and additions of one pass over a batch by direct convolution, plus those of a merged
    /// up-convolution.
    let arithmetic: Int
    /// The number of plain weights.
    let weightCount: Int
    /// Σz and Σz² of the forward results, for each sample and padded channel; nil if they are not computed.
    package let sums: ChannelSums?
    let raw: OpaquePointer
    let engine: Engine

    /// Nil if the kernels don't support this shape; they support 3×3×3 and 1×3×3 with stride 1.
    ///
    /// `weightInputs` is the number of input channels of the weights, if the sources have only a part of them.
    package convenience init?(
        _ shape: ConvolutionShape, order: Tensor.Order, weightInputs: Int? = nil, engine: Engine
    ) {
        guard !shape.transposed, shape.sources.count <= 2, shape.kernel[1...] == [3, 3], shape.kernel[0] != 2 else {
            return nil
        }
        let source = shape.sources[0]
        var described = ck_conv_shape()
        described.segments = CInt(shape.sources.count)
        described.segment_channels = (
            CInt(source.channels), shape.sources.count > 1 ? CInt(shape.sources[1].channels) : 0
        )
        described.plain = order == .plain ? 1 : 0
        described.weight_inputs = CInt(weightInputs ?? 0)
        self.init(
            described, of: source, then: shape, arithmetic: shape.operations, takesSums: true, engine: engine)
    }

    /// An up-convolution merged with the convolution of its result; nil if the kernels don't support it.
    convenience init?(_ upsampling: ConvolutionShape, then convolution: ConvolutionShape, engine: Engine) {
        guard convolution.kernel[1...] == [3, 3], upsampling.kernel[1...] == [2, 2], upsampling.kernel[0] <= 2,
            convolution.padding == convolution.kernel.map({ $0 / 2 })
        else { return nil }
        var described = ck_conv_shape()
        described.segments = 1
        described.segment_channels.0 = CInt(upsampling.sources[0].channels)
        described.window_depth = CInt(upsampling.kernel[0])
        let part = convolution.operations / convolution.inputs * upsampling.outputs
        self.init(
            described, of: upsampling.sources[0], then: convolution, arithmetic: upsampling.operations + part,
            takesSums: false, engine: engine)
    }

    private init?(
        _ started: ck_conv_shape, of source: Shape, then shape: ConvolutionShape, arithmetic: Int, takesSums: Bool,
        engine: Engine
    ) {
        var described = started
        described.out_channels = CInt(shape.outputs)
        described.depth = CInt(source.depth)
        described.height = CInt(source.height)
        described.width = CInt(source.width)
        described.kernel_depth = CInt(shape.kernel[0])
        described.padding = CInt(shape.padding[2])
        var options = ck_conv_options()
        options.isa = engine.instructionSet.raw
        options.threads = engine.team
        guard let raw = ck_conv_plan_create(&described, &options) else { return nil }
        self.raw = raw
        self.engine = engine
        let channels = Int(described.segment_channels.0 + described.segment_channels.1)
        let parities = described.window_depth > 0 ? 4 * Int(described.window_depth) : 1
        weightCount = channels * shape.outputs * shape.taps * parities
        self.arithmetic = arithmetic * shape.destination.batch
        sums =
            takesSums ? ChannelSums(samples: shape.destination.batch, channels: shape.outputs, engine: engine) : nil
    }

    deinit { ck_conv_plan_destroy(raw) }

    /// "winograd 4×4×4" or "direct".
    var algorithm: String { String(cString: ck_conv_describe(raw)) }

    func workspaceCount(_ pass: ck_pass) -> Int { (ck_conv_workspace_bytes(raw, pass) + 3) / 4 }

    func packedCount(backward: Bool) -> Int { (ck_conv_weights_bytes(raw, backward ? 1 : 0) + 3) / 4 }

    /// The prologue of one sample, which computes the convolution's input from the sources.
    static func prologue(_ sources: [ConvolutionInput], sample: Int) -> ck_conv_prologue {
        var prologue = ck_conv_prologue()
        prologue.scale.0 = sources[0].scale(sample)
        prologue.shift.0 = sources[0].shift(sample)
        guard sources.count > 1 else { return prologue }
        prologue.scale.1 = sources[1].scale(sample)
        prologue.shift.1 = sources[1].shift(sample)
        return prologue
    }
}
