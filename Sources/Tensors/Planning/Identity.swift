/// The scale and shift of a layer without normalisation: 1 and 0.
package final class Identity: Operation {
    package var kind: String { "identity" }
    package let buffers: [Buffer]
    private let scaleShift: ScaleShift
    private let channels: Int

    package init(channels: Int, into scaleShift: ScaleShift) {
        self.scaleShift = scaleShift
        self.channels = channels
        buffers = scaleShift.buffers
    }

    package func run() {
        scaleShift.clear()
        scaleShift.scale.values.update(repeating: 1, count: channels)
    }
}
