/// What a node of a graph does to its inputs.
///
/// Sizes are depth, height, width.
package enum GraphOperation: Hashable, Sendable {
    /// Kernel, padding and normalisation of a convolution.
    package struct Convolution: Hashable, Sendable {
        package let kernel: [Int]
        /// The number of zeros added on each side.
        package let padding: [Int]
        /// How results are normalised, with `NetworkGraph.epsilon`; with `none`, a bias is added instead.
        package let normalization: UNetConfiguration.Normalization
        /// The name prefix of the normalisation's tensors, such as "encoder.0.norm0".
        package let normName: String
    }

    /// The network's input: N×C×Z×Y×X gray values.
    case image
    /// A convolution with stride 1, its normalisation, and ReLU.
    case convolution(Convolution)
    /// The largest value in each window; windows do not overlap.
    case pooling(window: [Int])
    /// A transposed convolution: each voxel becomes a window of voxels; windows do not overlap. No bias.
    case upConvolution(window: [Int])
    /// The channels of all inputs, in order; larger inputs are cropped to their centre.
    case concatenation
    /// A 1×1×1 convolution with a bias; its results are the classes' logits.
    case output
    /// An output at a coarser level, only for the loss in training (deep supervision).
    case deepOutput

    /// Voxels of its result along an axis; nil if it can't be computed.
    func size(of inputs: some Sequence<Int>, axis: Int) -> Int? {
        guard let input = inputs.min() else { return nil }
        switch self {
        case .image, .concatenation, .output, .deepOutput: return input
        case .convolution(let convolution):
            let size = input + 2 * convolution.padding[axis] - convolution.kernel[axis] + 1
            return size > 0 ? size : nil
        case .pooling(let window): return input % window[axis] == 0 ? input / window[axis] : nil
        case .upConvolution(let window): return input * window[axis]
        }
    }

    /// How far the operation extends the receptive field on each side, in voxels of its own level.
    func reach(axis: Int) -> Int {
        switch self {
        case .convolution(let convolution): convolution.kernel[axis] / 2
        // A voxel and one that it depends on may be at opposite ends of their windows.
        case .upConvolution(let window): window[axis] - 1
        case .image, .pooling, .concatenation, .output, .deepOutput: 0
        }
    }
}
