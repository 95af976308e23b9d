internal import Exchange
internal import Foundation
internal import HTTP
internal import JSON
internal import Network
internal import Training

/// Where uploaded weights come from, and what their tensors don't tell.
struct ForeignOrigin {
    static let layouts: [ForeignLayout] = [.slicewise, .pytorch3DUNet]
    static let parameters: [Endpoint.QueryParameter] = [
        .choice(
            "layout", of: "WeightLayout", "Whose names and shapes the tensors have; slicewise by default"),
        .text(
            "network", "Of pytorch-3dunet: the section model of its configuration, as JSON"),
        .text(
            "classes",
            "Of other layouts: the project's classes in the order of the network's outputs, with commas between them"),
        .choice(
            "intensities", of: "IntensityScaling",
            "Of other layouts: how images were scaled in training: by mean and deviation of all voxels, or of the typical ones"
        ),
    ]

    private let layout: ForeignLayout
    private let network: JSONValue
    private let classes: [String]
    private let intensities: IntensityScaling

    /// Reads the query; another layout needs all of it.
    init(_ request: Request) throws(HTTPError) {
        let query = request.query
        let name = query.text("layout") ?? ForeignLayout.slicewise.rawValue
        guard let layout = ForeignLayout(rawValue: name), Self.layouts.contains(layout) else {
            let known = Self.layouts.map(\.rawValue).joined(separator: " and ")
            throw .invalid(
                "\"\(name.prefix(40))\" is not a layout of weights that can be brought; known are \(known)",
                field: "layout")
        }
        self.layout = layout
        guard layout != .slicewise else {
            for name in ["network", "classes", "intensities"] where query.text(name) != nil {
                throw .invalid("\(name) is for weights of another layout, as with layout=pytorch-3dunet", field: name)
            }
            network = .null
            classes = []
            intensities = .all
            return
        }
        func needed(_ name: String, _ example: String) throws(HTTPError) -> String {
            guard let text = query.text(name) else {
                throw .invalid(
                    "\(name) is missing: the tensors of another program don't tell it; give it as in \(example)",
                    field: name)
            }
            return text
        }
        let text = try needed("network", #"network={"name":"UNet3D","layer_order":"cbr","final_sigmoid":false}"#)
        guard let network = try? JSONValue(json: Data(text.utf8)) else {
            throw .invalid("network is not JSON", field: "network")
        }
        self.network = network
        classes = try needed("classes", "classes=background,cell").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let scaling = try needed("intensities", "intensities=all")
        guard let intensities = IntensityScaling(rawValue: scaling) else {
            throw .invalid(
                "\"\(scaling.prefix(40))\" is not a way to scale intensities: all (mean 0 and deviation 1 over all voxels) and "
                    + "typical (without padding and outliers) are; a network that learned from others can't be brought",
                field: "intensities")
        }
        self.intensities = intensities
    }

    /// The weights as a file of Slicewise, whose classes are in the given order.
    func weights(_ file: Data, for names: [String]) throws -> Data {
        guard layout == .slicewise else {
            let model = ForeignModel(
                file: file, layout: layout, description: network, classes: classes, intensities: intensities)
            return try model.checkpoint(classes: names).encoded
        }
        if let refusal = ForeignModel.refusal(of: file) { throw HTTPError.invalid(refusal, field: "body") }
        return file
    }
}
