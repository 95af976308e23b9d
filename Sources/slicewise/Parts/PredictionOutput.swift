internal import Store
internal import Training
internal import Volumes

/// An image or labels that a prediction consists of, as OME-Zarr has them.
enum PredictionOutput: String, CaseIterable, Codable {
    case labels, probability, uncertainty

    /// The path of its group; the labels are the root.
    var path: String { self == .labels ? "" : rawValue }

    /// Labels are class + 1, the others 65535 for 1.
    var element: ElementType { self == .labels ? .uint8 : .uint16 }

    /// How a voxel of a coarser level is made.
    var halving: Halving { self == .labels ? .first : .mean }

    func channels(classes: Int) -> Int { self == .probability ? classes : 1 }

    /// The bytes of a channel of what was predicted; `probabilities` are K×voxels.
    func bytes(channel: Int, labels: [UInt8], probabilities: [Float], classes: Int) -> [UInt8] {
        switch self {
        case .labels: return labels.map { $0 &+ 1 }
        case .probability:
            let part = probabilities[channel * labels.count..<(channel + 1) * labels.count]
            return StoredProbability.encode(part).withUnsafeBytes { [UInt8]($0) }
        case .uncertainty:
            return StoredProbability.encode(entropy(probabilities, classes: classes)[...])
                .withUnsafeBytes { [UInt8]($0) }
        }
    }

    /// What its metadata say.
    func image(levels: [Pyramid.Level], classes: [String]) -> OMEImage {
        let names = zip(classes, Color.palette(classes.count)).map { OMEChannel(name: $0, color: $1.hex) }
        return OMEImage(
            name: self == .labels ? "prediction" : rawValue, isLabels: self == .labels, levels: levels,
            legend: self == .uncertainty ? [OMEChannel(name: rawValue, color: "#ffffff")] : names)
    }
}
