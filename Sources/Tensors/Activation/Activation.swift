internal import CKernels

/// y = max(0, z·scale + shift), and its maximum over each window if pooling follows.
package final class Activation: Operation {
    package var kind: String { pooled == nil ? "norm and ReLU" : "norm, ReLU and pooling" }
    package let buffers: [Buffer]
    private let values: Tensor
    private let scaleShift: ScaleShift
    private let result: Tensor?
    private let pooled: (tensor: Tensor, window: [Int])?
    private let engine: Engine

    package init(
        of values: Tensor, scaleShift: ScaleShift, into result: Tensor?, pooled: (tensor: Tensor, window: [Int])? = nil,
        engine: Engine
    ) {
        self.values = values
        self.scaleShift = scaleShift
        self.result = result
        self.pooled = pooled
        self.engine = engine
        buffers =
            [values.buffer, scaleShift.scale, scaleShift.shift]
            + [result?.buffer, pooled?.tensor.buffer].compactMap(\.self)
    }

    package func run() {
        let blocks = CInt(scaleShift.padded / engine.lanes)
        for sample in 0..<values.shape.batch {
            let scale = scaleShift.scale.values + scaleShift.offset(of: sample)
            let shift = scaleShift.shift.values + scaleShift.offset(of: sample)
            if let pooled {
                engine.layers.scale_relu_pool(
                    values.kept(sample), scale, shift, result?.sample(sample), pooled.tensor.sample(sample),
                    pooled.tensor.isHalf ? 1 : 0, blocks,
                    ck_extent(values.shape), ck_extent(pooled.window), engine.team)
            } else if let result {
                engine.layers.scale_relu(
                    values.kept(sample), scale, shift, result.sample(sample), blocks, values.shape.voxels,
                    engine.team)
            }
        }
    }
}

extension ck_extent {
    init(_ shape: Shape) {
        self.init(depth: CInt(shape.depth), height: CInt(shape.height), width: CInt(shape.width))
    }

    init(_ sizes: [Int]) { self.init(depth: CInt(sizes[0]), height: CInt(sizes[1]), width: CInt(sizes[2])) }
}
