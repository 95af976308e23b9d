/// A format that models are written in.
package enum ModelFormat: String, CaseIterable, Sendable {
    /// Slicewise's own, which it reads again.
    case safetensors
    /// A graph for ONNX Runtime, OpenVINO and others.
    case onnx
    /// A package of BioImage.IO: a zip archive with an ONNX graph, a description and tensors to test it with.
    case bioimageio

    package var fileExtension: String {
        switch self {
        case .safetensors, .onnx: rawValue
        case .bioimageio: "zip"
        }
    }

    package var contentType: String {
        switch self {
        case .safetensors, .onnx: "application/octet-stream"
        case .bioimageio: "application/zip"
        }
    }
}
