internal import CKernels

/// Copies the centre of a tensor; backward, copies a gradient into the centre of a tensor of zeros.
package final class Crop: Operation {
    package enum Direction: Sendable { case forward, backward }

    package var kind: String { "crop" }
    package let buffers: [Buffer]
    private let large: Tensor
    private let small: Tensor
    private let direction: Direction
    private let engine: Engine

    package init(large: Tensor, small: Tensor, _ direction: Direction, engine: Engine) {
        self.large = large
        self.small = small
        self.direction = direction
        self.engine = engine
        buffers = [large.buffer, small.buffer]
    }

    package func run() {
        let (inner, outer) = (ck_extent(small.shape), ck_extent(large.shape))
        let offset = ck_extent(
            depth: (outer.depth - inner.depth) / 2, height: (outer.height - inner.height) / 2,
            width: (outer.width - inner.width) / 2)
        let blocks = CInt(engine.padded(large.shape.channels) / engine.lanes)
        for sample in 0..<large.shape.batch {
            switch direction {
            case .forward:
                engine.layers.crop(
                    large.sample(sample), outer, small.sample(sample), inner, offset, blocks, engine.team)
            case .backward:
                engine.layers.uncrop(
                    small.sample(sample), inner, large.sample(sample), outer, offset, blocks, engine.team)
            }
        }
    }
}
