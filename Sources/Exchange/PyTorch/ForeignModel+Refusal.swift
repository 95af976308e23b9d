package import Foundation
internal import Network

extension ForeignModel {
    /// Why a file that was brought as one of Slicewise is none, if it is another program's; nil if it may be one.
    package static func refusal(of file: Data) -> String? {
        guard let tensors = try? StateDict(file) else { return nil }
        switch ForeignLayout(of: tensors.names) {
        case .slicewise, nil: return nil
        case .pytorch3DUNet:
            return
                "the file's tensors are named as those of pytorch-3dunet; bring it with layout=pytorch-3dunet, network=, classes= "
                + "and intensities="
        case .nnUNet: return PlainConvUNet.refusal(of: tensors).description
        }
    }
}
