internal import JSON
internal import Network
internal import Training
internal import Volumes

/// What an ONNX file says of its model besides the graph.
struct ONNXDescription {
    /// Names and texts; those that are no plain text are JSON.
    private(set) var properties: KeyValuePairs<String, String>

    init(_ model: PortableModel, _ intensities: ONNXIntensities) throws {
        let graph = model.graph
        func sizes(_ of: (z: Int, y: Int, x: Int)) -> String {
            JSONValue.array([.integer(of.z), .integer(of.y), .integer(of.x)]).text
        }
        let seen =
            switch intensities {
            case .measured: "gray values; scaled by mean and deviation of all finite voxels of each image given"
            case .fixed: "gray values; scaled as those of the volume \(model.volume?.name ?? "")"
            case .scaled: "mean 0 and deviation 1 in every channel, over the whole image"
            }
        let patch = model.recipe.patch.value.map { sizes(($0.z, $0.y, $0.x)) } ?? "null"
        let spacing = model.spacing.map {
            JSONValue.object(
                JSONObject([
                    .init(name: "z", value: .number($0.z)), .init(name: "y", value: .number($0.y)),
                    .init(name: "x", value: .number($0.x)), .init(name: "unit", value: .optional($0.unit)),
                ])
            ).text
        }
        properties = [
            "model": model.name,
            "classes": JSONValue.array(model.classes.map(JSONValue.string)).text,
            "intensities": seen,
            "intensities_in_training": model.recipe.intensities.rawValue,
            "spacing": spacing ?? "null",
            "patch": patch,
            "multiple": sizes(graph.multiple),
            "halo": sizes(graph.halo),
            "test_time_mirror": "not in the graph: the server averages over reflections where the recipe says so",
            "recipe": try JSONText.encode(model.recipe),
        ]
    }
}
