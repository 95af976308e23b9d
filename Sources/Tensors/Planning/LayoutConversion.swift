internal import CKernels

/// Copies a plain tensor into blocks of channels.
package final class LayoutConversion: Operation {
    package var kind: String { "reorder" }
    package let buffers: [Buffer]
    private let plain: Tensor
    private let blocked: Tensor
    private let engine: Engine

    package init(_ plain: Tensor, into blocked: Tensor, engine: Engine) {
        self.plain = plain
        self.blocked = blocked
        self.engine = engine
        buffers = [plain.buffer, blocked.buffer]
    }

    package func run() {
        for sample in 0..<plain.shape.batch {
            engine.layers.block(
                plain.sample(sample), CInt(plain.shape.channels), plain.shape.voxels, blocked.sample(sample),
                engine.team)
        }
    }
}
