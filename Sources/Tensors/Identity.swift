/// The affine of a layer without normalisation: scale 1, shift 0.
package final class Identity: Operation {
    package var kind: String { "identity" }
    package let buffers: [Buffer]
    private let affine: Affine
    private let channels: Int

    package init(channels: Int, into affine: Affine) {
        self.affine = affine
        self.channels = channels
        buffers = affine.buffers
    }

    package func prepare() {
        for channel in 0..<channels { affine.scale.values[channel] = 1 }
    }

    package func run() {}
}
