internal import Foundation
internal import JSON
internal import Network
internal import Training
internal import Volumes

/// What a package of BioImage.IO says of its model (format 0.5): JSON, which YAML takes as it is.
struct ResourceDescription {
    /// A file of the package, with its SHA-256.
    struct File {
        let name: String
        let hash: String

        var json: JSONValue { ["source": .string(name), "sha256": .string(hash)] }
    }

    let model: PortableModel
    let credits: PackageCredits
    let tiles: TileShape
    let weights: File
    let input: File
    let output: File
    let documentation: File

    /// Units of length that the format knows.
    private static let units: Set<String> = [
        "meter", "centimeter", "millimeter", "micrometer", "nanometer", "angstrom", "picometer", "inch",
    ]

    /// Letters, digits and a few signs; the format knows no others.
    private var title: String {
        let letters = model.name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) ? $0 : "-" }
        return "Slicewise \(String(letters))"
    }

    private var network: UNetConfiguration { model.checkpoint.configuration }

    var json: JSONValue {
        var members: [JSONObject.Member] = []
        func add(_ name: String, _ value: JSONValue) { members.append(.init(name: name, value: value)) }
        add("format_version", "0.5.4")
        add("type", "model")
        add("name", .string(title))
        add(
            "description",
            .string(
                "A \(network.dimensions)D U-Net that tells \(model.classes.count) classes apart, trained in Slicewise on a "
                    + "few annotated slices."))
        add(
            "authors",
            .array((credits.authors.isEmpty ? ["unknown"] : credits.authors).map { ["name": .string($0)] }))
        add(
            "cite",
            [
                [
                    "text":
                        "Çiçek et al. 2016, 3D U-Net: Learning Dense Volumetric Segmentation from Sparse Annotation",
                    "doi": "10.1007/978-3-319-46723-8_49",
                ]
            ])
        if let license = credits.license { add("license", .string(license)) }
        add("documentation", .string(documentation.name))
        add("tags", ["3d", "unet", "semantic-segmentation", "slicewise"])
        add("timestamp", .string(model.created.formatted(.iso8601)))
        add("inputs", [inputTensor])
        add("outputs", [outputTensor])
        add("weights", ["onnx": weights.json.merging(["opset_version": .integer(ONNXModel.operators)])])
        add("config", config)
        return .object(JSONObject(members))
    }

    private var inputTensor: JSONValue {
        let channels = (0..<network.channels).map { "channel\($0)" }
        let sizes = axes(channels) { axis in
            ["size": ["min": .integer(tiles.smallest[axis]), "step": .integer(tiles.step[axis])]]
        }
        return [
            "id": .string(ONNXModel.input), "description": "Gray values", "axes": sizes,
            "data": ["type": "float32"], "preprocessing": .array(preprocessing), "test_tensor": input.json,
        ]
    }

    /// What happens to the whole image before it is cut; nothing if the graph scales intensities as a volume's.
    private var preprocessing: [JSONValue] {
        guard model.volume == nil else { return [] }
        return [
            [
                "id": "zero_mean_unit_variance",
                // Added to the deviation; images of small numbers must not lose their contrast by it.
                "kwargs": ["axes": ["z", "y", "x"], "eps": Self.number(1e-12)],
            ],
            ["id": "clip", "kwargs": ["min": -8, "max": 8]],
        ]
    }

    private var outputTensor: JSONValue {
        let sizes = axes(PythonName.of(model.classes)) { axis in
            let size: JSONValue = [
                "size": ["tensor_id": .string(ONNXModel.input), "axis_id": .string(axis.rawValue)]
            ]
            return tiles.halo[axis] > 0 ? size.merging(["halo": .integer(tiles.halo[axis])]) : size
        }
        return [
            "id": .string(ONNXModel.output), "description": "The probability of each class", "axes": sizes,
            "data": ["type": "float32", "range": [0, 1]], "test_tensor": output.json,
        ]
    }

    /// Batch, channels and z, y, x, of each of which `size` says more.
    private func axes(_ channels: [String], _ size: (Axis) -> JSONValue) -> JSONValue {
        let batch: JSONValue = ["type": "batch"]
        let named: JSONValue = ["type": "channel", "channel_names": .array(channels.map(JSONValue.string))]
        return .array([batch, named] + Axis.allCases.map { space($0).merging(size($0)) })
    }

    private func space(_ axis: Axis) -> JSONValue {
        let plain: JSONValue = ["type": "space", "id": .string(axis.rawValue)]
        guard let spacing = model.spacing, let unit = spacing.unit, Self.units.contains(unit) else { return plain }
        return plain.merging(["unit": .string(unit), "scale": Self.number(spacing[axis])])
    }

    /// YAML 1.1 takes numbers with an exponent for numbers only if they have a point.
    private static func number(_ value: Double) -> JSONValue {
        let text = "\(value)"
        return .raw(text.contains(".") ? text : text.replacing("e", with: ".0e"))
    }

    private var config: JSONValue {
        [
            "bioimageio": ["nickname": .string(title.lowercased().replacing(" ", with: "-"))],
            "slicewise": [
                "model": .string(model.name), "classes": .array(model.classes.map(JSONValue.string)),
                "scaled_as": .optional(model.volume?.name),
            ],
        ]
    }
}
