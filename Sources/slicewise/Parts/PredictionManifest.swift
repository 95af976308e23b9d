internal import JSON
internal import Training
internal import Volumes

/// What a prediction that is written part by part is of, so that all parts are of the same.
struct PredictionManifest: Codable, Equatable {
    struct Image: Codable, Equatable {
        /// The SHA-256 of the document of its array and of what of that is predicted; chunks are not in it.
        let sha256: String
        let channels: Int
        let extent: Extent
        let spacing: Spacing
    }

    /// The version of the program.
    let program: String
    /// The SHA-256 of the model's file.
    let model: String
    let image: Image
    let classes: [String]
    let outputs: [PredictionOutput]
    let zarr: OMEZarrVersion
    let plan: BlockPlan
    /// The vector instructions that every part computes with.
    let instructions: String
    /// What intensities are scaled by, measured once for all parts.
    var statistics: [ChannelStatistics]

    /// The text of its file, the same for equal manifests.
    func text() throws -> String { try JSONText.encode(self, nonFinite: .strings) + "\n" }

    init(text: String) throws { self = try JSONText.decode(from: text, nonFinite: .strings) }

    init(
        program: String, model: String, image: Image, classes: [String], outputs: [PredictionOutput],
        zarr: OMEZarrVersion, plan: BlockPlan, instructions: String, statistics: [ChannelStatistics] = []
    ) {
        self.program = program
        self.model = model
        self.image = image
        self.classes = classes
        self.outputs = outputs
        self.zarr = zarr
        self.plan = plan
        self.instructions = instructions
        self.statistics = statistics
    }

    /// What keeps a folder with this manifest from being gone on with as another one wants it; `nil` if nothing does.
    func difference(from wanted: PredictionManifest) -> String? {
        if program != wanted.program { return "by version \(program) of this program, which is \(wanted.program)" }
        if model != wanted.model || classes != wanted.classes { return "by another model" }
        if image != wanted.image {
            let (one, other) = (image.extent.text, wanted.image.extent.text)
            return "of another image" + (one == other ? "" : ", of \(one) voxels instead of \(other)")
        }
        if outputs != wanted.outputs {
            return "with \(outputs.map(\.rawValue).joined(separator: ", ")), not with "
                + wanted.outputs.map(\.rawValue).joined(separator: ", ")
        }
        if zarr != wanted.zarr { return "as OME-Zarr \(zarr.rawValue), not \(wanted.zarr.rawValue)" }
        if instructions != wanted.instructions { return "with --instructions \(instructions)" }
        return plan == wanted.plan ? nil : "with another --memory"
    }
}
