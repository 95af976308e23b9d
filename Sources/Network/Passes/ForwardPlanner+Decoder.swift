internal import Tensors

/// Where the decoder's path meets the encoder's.
extension ForwardPlanner {
    /// The first convolution of a decoder's level, over the up-convolved feature and what skips over from the encoder.
    func join(_ feature: ConvolutionInput, _ encoder: ConvolutionNode, level: Int) throws(EngineError)
        -> ConvolutionNode
    {
        let upsampling = ConvolutionShape(
            upsampling: feature.shape, outputs: feature.shape.channels, kernel: configuration.window(level))
        let skip = ConvolutionInput(
            encoder.values, scaleShift: encoder.scaleShift, extent: upsampling.destination.extent)
        let shape = ConvolutionShape(
            sources: [upsampling.destination, skip.shape], outputs: configuration.decoderChannels(level),
            kernel: configuration.kernel(level), padding: configuration.margins(level))
        if let fusion = UpsamplingFusion(upsampling, then: shape, inTraining: mode == .training, engine: engine) {
            return merge(fusion, feature, skip, shape, level: level)
        }
        let up = try upsample(feature, upsampling, level: level)
        return try convolve("decoder", level, 0, [up, skip], outputs: shape.outputs)
    }

    /// Both convolutions as one of the feature, which the skipping part is added to.
    private func merge(
        _ fusion: UpsamplingFusion, _ feature: ConvolutionInput, _ skip: ConvolutionInput, _ shape: ConvolutionShape,
        level: Int
    ) -> ConvolutionNode {
        let path = "decoder.\(level)", name = path + ".up"
        let weights = parameters.pointer("\(path).conv0.weight")
        let merge = FusedUpsamplingWeights(
            fusion, upWeights: parameters.pointer(name + ".weight"), weights: weights, arena: arena)
        let node = ConvolutionNode(
            path: path, index: 0, shape: shape, sources: [skip], builtIn: fusion.other,
            values: Tensor(shape.destination, .blocked, in: arena, engine: engine),
            scaleShift: ScaleShift(
                channels: shape.outputs, groups: configuration.normalization == .instance ? shape.destination.batch : 1,
                arena: arena, engine: engine),
            fused: FusedUpsampling(name: name, source: feature, fusion: fusion, weights: merge))
        if mode == .training {
            plan.append(name, merge)
        } else {
            // Room that is needed before the first step only.
            for buffer in merge.buffers { buffer.touch(-1) }
            refreshments.append(merge.run)
        }
        let bias = configuration.normalization == .none ? parameters.pointer(node.biasName) : nil
        let first = BuiltInForward(
            fusion.fused, sources: [feature], destination: node.values, weights: .planned(merge.result),
            packsEachRun: mode == .training, arena: arena)
        let second = BuiltInForward(
            fusion.other, sources: [skip], destination: node.values, weights: .fixed(weights + fusion.otherOffset),
            bias: bias, accumulates: true, packsEachRun: mode == .training, arena: arena)
        for (name, operation) in [(name, first), (node.name, second)] {
            plan.append(name, operation)
            refreshments.append(operation.refresh)
        }
        appendNormalization(node)
        return node
    }

    private func upsample(
        _ feature: ConvolutionInput, _ shape: ConvolutionShape, level: Int
    ) throws(EngineError) -> ConvolutionInput {
        let node = UpsamplingNode(
            name: "decoder.\(level).up", shape: shape, source: feature,
            builtIn: engine.prefersOwnKernels(for: shape) ? BuiltInUpsampling(shape, engine: engine) : nil)
        let result = Tensor(shape.destination, .blocked, in: arena, engine: engine)
        let weights = parameters.pointer(node.weightName)
        if let builtIn = node.builtIn {
            let operation = BuiltInUpsamplingForward(
                builtIn, source: feature, destination: result, weights: weights, packsEachRun: mode == .training,
                arena: arena)
            plan.append(node.name, operation)
            refreshments.append(operation.refresh)
        } else {
            try appendDirect(node.name, shape, [feature], into: result, weights: weights, bias: nil)
        }
        upsamplings[level] = node
        return ConvolutionInput(result)
    }
}
