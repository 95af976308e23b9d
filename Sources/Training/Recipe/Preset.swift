internal import Network
internal import Volumes

/// A named starting point for recipes.
package enum Preset: String, CaseIterable, Codable, Hashable, Sendable {
    /// A narrow, shallow network for answers within a minute.
    case fast
    /// What a minute or two on a few cores are spent on best.
    case `default`
    /// A wider and deeper network for many minutes, or many cores.
    case accurate
    /// Çiçek et al. 2016: base 32, 4 levels, valid padding, 132×132×116 patches, elastic deformation, momentum SGD.
    case paper

    /// How long to train if nobody says.
    package var budget: Budget {
        switch self {
        case .fast: Budget(seconds: 45)
        case .default: Budget(seconds: 120)
        case .accurate: Budget(seconds: 900)
        case .paper: Budget(steps: 70_000)
        }
    }

    /// The widths, depth and patch size that `auto` aims at before the volume limits them.
    var aim: (base: Int, levels: Int, patch: Extent) {
        switch self {
        case .fast: (8, 3, Extent(z: 32, y: 32, x: 32))
        case .default: (16, 3, Extent(z: 48, y: 48, x: 48))
        case .accurate: (24, 4, Extent(z: 64, y: 64, x: 64))
        case .paper: (32, 4, Extent(z: 116, y: 132, x: 132))
        }
    }

    /// The recipe of that name.
    package var recipe: Recipe {
        var recipe = Recipe(
            preset: self, base: .auto, levels: .auto, dimensions: 3, padding: .same, norm: .batch,
            statistics: .current, patch: .auto, batch: 1,
            optimizer: OptimizerSettings(kind: .adam, rate: 1e-3, momentum: 0.9, decay: 0, schedule: .poly),
            loss: LossSettings(kind: .crossEntropy, classWeights: .balanced),
            augmentation: Augmentation(
                rotation: 0, scale: Augmentation.Scale(low: 1, high: 1), elastic: nil, gray: true, mirror: .auto),
            precision: .auto, seed: 1)
        guard self == .paper else { return recipe }
        recipe.padding = .valid
        recipe.optimizer = OptimizerSettings(kind: .sgd, rate: 1e-2, momentum: 0.9, decay: 0, schedule: .constant)
        recipe.loss.classWeights = .inverse
        recipe.augmentation.rotation = 15
        recipe.augmentation.scale = Augmentation.Scale(low: 0.9, high: 1.1)
        recipe.augmentation.elastic = Augmentation.Elastic(spacing: 32, sigma: 4)
        return recipe
    }
}
