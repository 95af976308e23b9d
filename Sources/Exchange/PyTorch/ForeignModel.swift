package import Foundation
package import JSON
package import Network
package import Training

/// Weights that were trained elsewhere, and what their tensors don't tell.
package struct ForeignModel: Sendable {
    /// A safetensors file of a state dict.
    package let file: Data
    package let layout: ForeignLayout
    /// How the network was made, in the words of the other program.
    package let description: JSONValue
    /// The names of the classes in the order of the network's outputs.
    package let classes: [String]
    /// By which voxels' mean and deviation images were scaled.
    package let intensities: IntensityScaling

    package init(
        file: Data, layout: ForeignLayout, description: JSONValue, classes: [String], intensities: IntensityScaling
    ) {
        self.file = file
        self.layout = layout
        self.description = description
        self.classes = classes
        self.intensities = intensities
    }

    /// The same network as a file of Slicewise, whose classes are in the order of `names`.
    ///
    /// Refuses what Slicewise's network can't compute exactly, by the name of the tensor or the option.
    package func checkpoint(classes names: [String]) throws -> Checkpoint {
        guard Set(classes) == Set(names), classes.count == names.count else {
            throw ExchangeError.invalid(
                field: "classes",
                detail:
                    "are \(classes.joined(separator: ", ")); each of \(names.joined(separator: ", ")) must be named once, "
                    + "in the order of the network's outputs")
        }
        let order = names.map { name in classes.firstIndex(of: name) ?? 0 }
        var tensors = try StateDict(file)
        let network =
            switch layout {
            case .slicewise: throw ExchangeError.invalid(field: "layout", detail: "slicewise needs no translation")
            case .pytorch3DUNet: try PyTorch3DUNet(description).network(&tensors, order: order)
            case .nnUNet: throw PlainConvUNet.refusal(of: tensors)
            }
        try tensors.checkNothingIsLeft()
        var recipe = Recipe(forWeights: try Checkpoint(network: network, step: 0))
        recipe.intensities = intensities
        return try Checkpoint(
            network: network, step: 0,
            metadata: ["recipe": try JSONText.encode(recipe), "classes": try JSONText.encode(names)])
    }
}
