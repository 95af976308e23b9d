/// What a node of a graph does to its inputs.
///
/// Sizes are those on depth, height, width.
package enum GraphOperation: Hashable, Sendable {
    /// What a convolution does besides weighing neighbours.
    package struct Convolution: Hashable, Sendable {
        package let kernel: [Int]
        /// Zeros that are added on each side.
        package let padding: [Int]
        /// How results are normalised, by `NetworkGraph.epsilon`; `none` where a bias is added in its place.
        package let normalization: UNetConfiguration.Normalization
        /// The path of the normalisation's tensors, "encoder.0.norm0".
        package let normName: String
    }

    /// N×C×Z×Y×X gray values, from outside.
    case image
    /// A convolution with stride 1, its normalisation, and ReLU.
    case convolution(Convolution)
    /// The largest value in each window; windows lie side by side.
    case pooling(window: [Int])
    /// Each voxel paints a window through the weights; windows lie side by side. No bias.
    case upConvolution(window: [Int])
    /// The channels of all inputs, one after the other; larger ones are cropped about their centre.
    case concatenation
    /// A convolution by a kernel of one voxel, with a bias; its results are the classes' logits.
    case output
    /// The same at a coarser level, for the loss in training alone (deep supervision).
    case deepOutput

    /// Voxels of its result along an axis; nil where it can't be computed.
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

    /// Voxels of its own level on each side that its result sees beyond what its inputs have seen.
    func reach(axis: Int) -> Int {
        switch self {
        case .convolution(let convolution): convolution.kernel[axis] / 2
        // A voxel and one that it sees may lie at opposite ends of their windows.
        case .upConvolution(let window): window[axis] - 1
        case .image, .pooling, .concatenation, .output, .deepOutput: 0
        }
    }
}
