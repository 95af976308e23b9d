internal import Network

/// Classes that were never annotated: their outputs are silent, so that they are never predicted.
///
/// The bias of a silent class is so low that its probability is the least that the softmax gives, and the gradients of its
/// weights are nothing: training leaves it as it is.
extension UNet {
    private static let silence: Float = -10_000
    private static let bias = "output.bias"

    /// Silences the classes that are neither among those annotated nor known to the model that the weights come from, and
    /// gives a voice to those that are annotated now.
    func output(only annotated: Set<UInt8>, start: Checkpoint?) {
        guard let biases = parameters[Self.bias] else { return }
        let inherited = start?.configuration.classes ?? 0
        for value in biases.indices {
            let isSilent = value >= inherited || biases[value] < Self.silence / 2
            guard isSilent else { continue }
            biases[value] = annotated.contains(UInt8(clamping: value)) ? 0 : Self.silence
        }
    }
}
