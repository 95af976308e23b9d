internal import Tensors

/// Planning where the decoder joins the encoder's skip connections.
extension ForwardPlanner {
    /// Plans the convolution that reads both the up-convolved features and the encoder's skip connection.
    func join(
        _ both: GraphNode, before node: GraphNode, _ convolution: GraphOperation.Convolution
    ) throws(EngineError) -> PlannedConvolution {
        let up = graph.nodes[both.inputs[0]], encoder = self.convolution(both.inputs[1])
        guard case .upConvolution(let window) = up.operation else {
            preconditionFailure("the first input of \(both.name) must be an up-convolution")
        }
        let feature = source(of: up, window: window)
        let upsampling = ConvolutionShape(upsampling: feature.shape, outputs: up.channels, kernel: window)
        let skip = ConvolutionInput(
            encoder.values, scaleShift: encoder.scaleShift, extent: upsampling.destination.extent)
        let shape = ConvolutionShape(
            sources: [upsampling.destination, skip.shape], outputs: node.channels, kernel: convolution.kernel,
            padding: convolution.padding)
        if let fusion = UpsamplingFusion(upsampling, then: shape, inTraining: mode.isTraining, engine: engine) {
            return merge(fusion, up, feature, into: node, convolution, skip, shape)
        }
        return try convolve(node, convolution, [try upsample(up, feature, upsampling, before: convolution), skip])
    }

    /// Plans the up-convolution and the convolution as one, to which the skip connection's convolution is added.
    private func merge(
        _ fusion: UpsamplingFusion, _ up: GraphNode, _ feature: ConvolutionInput, into node: GraphNode,
        _ convolution: GraphOperation.Convolution, _ skip: ConvolutionInput, _ shape: ConvolutionShape
    ) -> PlannedConvolution {
        let weights = parameters.pointer(node, .weights)
        let merge = FusedUpsamplingWeights(
            fusion, upWeights: parameters.pointer(up, .weights), weights: weights, arena: arena)
        let planned = PlannedConvolution(
            node, normName: convolution.normName, shape: shape, sources: [skip], builtIn: fusion.other,
            values: kept(shape.destination),
            scaleShift: scaleShift(shape, convolution.normalization),
            fused: FusedUpConvolution(node: up, source: feature, fusion: fusion))
        if mode.isTraining {
            plan.append(up.name, merge)
        } else {
            // These buffers are needed only before the first step.
            for buffer in merge.buffers { buffer.touch(-1) }
            refreshments.append(merge.run)
        }
        let first = BuiltInForward(
            fusion.fused, sources: [feature], destination: planned.values, weights: .planned(merge.result),
            packsEachRun: mode.isTraining, arena: arena)
        let second = BuiltInForward(
            fusion.other, sources: [skip], destination: planned.values, weights: .fixed(weights + fusion.otherOffset),
            bias: bias(of: node), accumulates: true, packsEachRun: mode.isTraining, arena: arena)
        for (name, operation) in [(up.name, first), (node.name, second)] {
            plan.append(name, operation)
            refreshments.append(operation.refresh)
        }
        appendNormalization(planned, convolution.normalization)
        return planned
    }

    private func upsample(
        _ up: GraphNode, _ feature: ConvolutionInput, _ shape: ConvolutionShape,
        before convolution: GraphOperation.Convolution
    ) throws(EngineError) -> ConvolutionInput {
        let planned = PlannedUpConvolution(
            node: up, shape: shape, source: feature,
            builtIn: engine.prefersOwnKernels ? BuiltInUpsampling(shape, engine: engine) : nil)
        let result = result(shape.destination, readBy: planned.builtIn == nil ? nil : convolution)
        let weights = parameters.pointer(up, .weights)
        if let builtIn = planned.builtIn {
            let operation = BuiltInUpsamplingForward(
                builtIn, source: feature, destination: result, weights: weights, packsEachRun: mode.isTraining,
                arena: arena)
            plan.append(up.name, operation)
            refreshments.append(operation.refresh)
        } else {
            try appendDirect(up, shape, [feature], into: result, weights: weights, bias: nil)
        }
        upConvolutions[up.id] = planned
        return ConvolutionInput(result)
    }
}
