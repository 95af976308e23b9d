/// The shapes of a convolution's sources, destination and weights.
///
/// The sources are concatenated along the channels without being copied.
package struct ConvolutionShape {
    /// The shape of each source; batch and extent agree.
    package let sources: [Shape]
    package let destination: Shape
    /// Kernel, stride and padding per side, each as depth, height, width.
    package let kernel: [Int]
    package let stride: [Int]
    package let padding: [Int]
    /// Whether it is an up-convolution: each input voxel becomes a window of the kernel's size; stride = kernel.
    package let transposed: Bool

    /// A convolution with stride 1.
    package init(sources: [Shape], outputs: Int, kernel: [Int], padding: [Int]) {
        self.sources = sources
        self.kernel = kernel
        self.padding = padding
        stride = [1, 1, 1]
        transposed = false
        let extent = (0..<3).map { sources[0].extent[$0] + 2 * padding[$0] - kernel[$0] + 1 }
        destination = sources[0].with(channels: outputs).with(extent: extent)
    }

    /// An up-convolution whose windows do not overlap.
    package init(upsampling source: Shape, outputs: Int, kernel: [Int]) {
        sources = [source]
        self.kernel = kernel
        stride = kernel
        padding = [0, 0, 0]
        transposed = true
        destination = source.with(channels: outputs).with(extent: (0..<3).map { source.extent[$0] * kernel[$0] })
    }

    /// The number of channels of all sources together.
    package var inputs: Int { sources.reduce(0) { $0 + $1.channels } }
    package var outputs: Int { destination.channels }
    /// The number of weights of one pair of channels.
    var taps: Int { kernel.reduce(1, *) }
    /// The number of weights: outputs × inputs × kernel, or inputs × outputs × kernel when transposed.
    package var weightCount: Int { inputs * outputs * taps }
    /// Multiplications and additions of one pass over one sample by direct convolution.
    package var operations: Int {
        2 * weightCount * (transposed ? sources[0].voxels : destination.voxels)
    }

    /// The index of a source's first weight in the array of all.
    func weightOffset(of source: Int) -> Int {
        sources[..<source].reduce(0) { $0 + $1.channels } * taps * (transposed ? outputs : 1)
    }

    /// The layout of a source's weights within the plain array of all: logical sizes are outputs × inputs × kernel.
    func plainWeights(of source: Int) throws(EngineError) -> Layout {
        let inner = [kernel[1] * kernel[2], kernel[2], 1]
        let outer = transposed ? [taps, outputs * taps] : [inputs * taps, taps]
        return try Layout(weightSizes(of: source), strides: outer + inner)
    }

    func weightSizes(of source: Int) -> [Int] { [outputs, sources[source].channels] + kernel }
}
