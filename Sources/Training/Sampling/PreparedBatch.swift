/// The patches of one training step, ready to be copied into the network.
package struct PreparedBatch: Sendable {
    package var shape: PatchShape
    /// N×C×Z×Y×X.
    package var images: [Float]
    /// N×Z×Y×X of the centre of the network's output; 255 where nothing is known.
    package var labels: [UInt8]
    /// The generator's state after the draws: where a continued training begins.
    package var next: [UInt64]
}
