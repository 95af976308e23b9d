/// nnU-Net's network, which Slicewise's can't stand for: it says which tensor is the first without a place, and why.
enum PlainConvUNet {
    static func refusal(of tensors: StateDict) -> ExchangeError {
        let stem = tensors.names.first { $0.contains("encoder.stem.") }
        let second = "encoder.stages.0.0.convs.1.conv.weight", strided = "encoder.stages.1.0.convs.0.conv.weight"
        let shape = (try? tensors.shape(second)) ?? []
        let reason: String
        if let stem {
            reason = "the tensor \"\(stem)\" is of a network with residual blocks"
        } else if shape.count > 1, shape[0] != 2 * shape[1] {
            reason =
                "the tensor \"\(second)\" has \(shape[0]) outputs and \(shape[1]) inputs; in Slicewise's network the second "
                + "convolution of a level has twice as many outputs as inputs"
        } else {
            let first = tensors.has(strided) ? strided : tensors.names.first ?? ""
            reason = "the tensor \"\(first)\" is of a convolution that halves the extent"
        }
        return .misfit(
            "a network of nnU-Net has no exact counterpart in Slicewise: \(reason). nnU-Net halves the extent by strided "
                + "convolutions and has LeakyReLU, Slicewise the maximum of windows and ReLU")
    }
}
