/// An image or labels of a volume, and where in its OME-Zarr they are.
enum ZarrPlace: String, CaseIterable, Sendable {
    case image, probability, uncertainty, annotation, prediction, truth

    /// The path of its group; the image is the root.
    var path: [String] {
        switch self {
        case .image: []
        case .probability, .uncertainty: [rawValue]
        case .annotation, .prediction, .truth: ["labels", rawValue]
        }
    }

    /// Whether its values are classes.
    var isLabels: Bool { path.first == "labels" }

    /// What it is made of.
    var kind: BrickKind {
        switch self {
        case .image: .image
        case .probability, .uncertainty: .uncertainty
        case .annotation: .annotation
        case .prediction: .prediction
        case .truth: .truth
        }
    }
}
