/// Whose names and shapes the tensors of a file have.
package enum ForeignLayout: String, CaseIterable, Sendable {
    /// Slicewise's own; the file says how the network is built.
    case slicewise
    /// UNet3D and UNet2D of pytorch-3dunet (github.com/wolny/pytorch-3dunet).
    case pytorch3DUNet = "pytorch-3dunet"
    /// PlainConvUNet of nnU-Net (github.com/MIC-DKFZ/dynamic-network-architectures).
    case nnUNet = "nnunet"

    /// The layout that tensors of these names seem to have; nil if they are of no known one.
    package init?(of names: some Sequence<String>) {
        var found: ForeignLayout?
        for name in names {
            if name.contains("encoders.0.basic_module.") { found = .pytorch3DUNet }
            if name.contains("encoder.stages.0.") || name.contains("encoder.stem.") { found = .nnUNet }
            if name == "encoder.0.conv0.weight" { found = .slicewise }
        }
        guard let found else { return nil }
        self = found
    }
}
