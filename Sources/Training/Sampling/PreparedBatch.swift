/// The patches of one training step, ready to be copied into the network.
package struct PreparedBatch: Sendable {
    package var shape: PatchShape
    /// N×C×Z×Y×X.
    package var images: [Float]
    /// N×Z×Y×X, the centre of the network's output; 255 for unlabeled voxels.
    package var labels: [UInt8]
    /// The random generator's state after this batch, from which a resumed training continues.
    package var next: [UInt64]
}
