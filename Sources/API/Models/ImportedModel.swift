internal import Foundation
internal import HTTP
internal import JSON
internal import Network
internal import Store
internal import Text
internal import Training

/// A safetensors file, checked to hold a network that the project can use.
struct ImportedModel {
    let record: NewModel

    /// Refuses a file that does not hold a network of Slicewise, or one with another number of classes.
    init(_ weights: Data, name: String, classes: [String]) throws {
        let checkpoint: Checkpoint
        do {
            checkpoint = try Checkpoint(weights)
        } catch {
            throw HTTPError.invalid("the file is not a network: \(error)", field: "body")
        }
        let shape = checkpoint.configuration
        guard shape.classes == classes.count else {
            throw HTTPError.invalid(
                "the network has \(shape.classes.counting("class", many: "classes")); the project has \(classes.count): "
                    + classes.joined(separator: ", "),
                field: "body")
        }
        try Self.checkFinite(checkpoint)
        let recipe = Self.recipe(checkpoint)
        record = NewModel(
            name: name, classes: classes, recipe: try JSONText.encode(recipe),
            configuration: try JSONText.encode(shape),
            seed: Int64(clamping: recipe.seed))
    }

    /// Refuses weights that are NaN or infinite: they would spoil every prediction and all further training.
    private static func checkFinite(_ checkpoint: Checkpoint) throws {
        let network = try checkpoint.makeNetwork()
        try withExtendedLifetime(network) {
            for entry in network.parameters.entries {
                guard let values = network.parameters[entry.name], !values.allSatisfy(\.isFinite) else { continue }
                throw HTTPError.invalid(
                    "the tensor \"\(entry.name)\" holds NaN or infinity; all weights must be finite numbers",
                    field: "body")
            }
        }
    }

    /// The recipe in the file's metadata, or the default recipe with the network's architecture.
    private static func recipe(_ checkpoint: Checkpoint) -> Recipe {
        if let text = checkpoint.metadata["recipe"], let recipe = try? Recipe(stored: Data(text.utf8)) { return recipe }
        return Recipe(forWeights: checkpoint)
    }
}
