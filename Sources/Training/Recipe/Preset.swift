internal import Network
internal import Volumes

/// A named starting point for recipes.
package enum Preset: String, CaseIterable, Hashable, Sendable {
    /// Small patches and a short budget for answers within a minute.
    case fast
    /// The best results for a minute or two on a few cores.
    case `default`
    /// Twice as wide a network trained for ten minutes; predictions are averaged over all mirrorings, however long that takes.
    case accurate
    /// Çiçek et al. 2016: base 32, 4 levels, valid padding, 132×132×116 patches, elastic deformation, momentum SGD.
    case paper

    /// The budget if none is given.
    package var budget: Budget {
        switch self {
        case .fast: Budget(seconds: 45)
        case .default: Budget(seconds: 120)
        case .accurate: Budget(seconds: 600)
        case .paper: Budget(steps: 70_000)
        }
    }

    /// The width, depth and patch size that `auto` starts from before the volume limits them.
    var aim: (base: Int, levels: Int, patch: Extent) {
        switch self {
        case .fast: (8, 3, Extent(z: 40, y: 40, x: 40))
        case .default: (8, 3, Extent(z: 56, y: 56, x: 56))
        case .accurate: (16, 3, Extent(z: 56, y: 56, x: 56))
        case .paper: (32, 4, Extent(z: 116, y: 132, x: 132))
        }
    }

    /// The thickness of patches along the normal of their slice: at most three sevenths of the cube's edge.
    private var slab: Int? {
        switch self {
        case .fast: 20
        case .default, .accurate: 24
        case .paper: nil
        }
    }

    /// The recipe of the preset.
    ///
    /// Documentation/Results.md has the figures behind each choice.
    package var recipe: Recipe {
        var recipe = Recipe(
            preset: self, base: .auto, levels: .auto, dimensions: 3, pooling: .auto,
            kernels: .auto, padding: .same, norm: .batch, statistics: .fixed(.running),
            testTimeMirror: self == .accurate ? .fixed(Axis.allCases) : .auto,
            patch: .auto, batch: 1,
            sampling: SamplingSettings(rare: 1, shape: .cut, slab: slab, band: 8, overhang: 0.125),
            inputs: .none, intensities: .typical, spacing: .own,
            optimizer: OptimizerSettings(kind: .muon, rate: .auto, momentum: 0.9, decay: 0, schedule: .poly),
            average: nil, heldOut: HeldOutSettings(keep: .best, patience: 8),
            loss: LossSettings(kind: .crossEntropyAndDice, classWeights: .none, deep: 0.5),
            augmentation: Augmentation(
                rotation: 0, scale: Augmentation.Scale(low: 1, high: 1), elastic: nil, gray: Augmentation.Gray(),
                mirror: .auto),
            precision: .auto, seed: 1, steps: .auto)
        guard self == .paper else {
            recipe.augmentation.rotation = .auto
            recipe.augmentation.scale = .auto
            recipe.augmentation.transpose = .auto
            return recipe
        }
        recipe.padding = .valid
        recipe.sampling.band = nil
        recipe.sampling.overhang = 0
        recipe.pooling = .uniform
        recipe.kernels = .uniform
        recipe.statistics = .fixed(.current)
        recipe.testTimeMirror = .fixed([])
        recipe.optimizer = OptimizerSettings(
            kind: .sgd, rate: .fixed(1e-2), momentum: 0.9, decay: 0, schedule: .constant)
        recipe.loss = LossSettings(kind: .crossEntropy, classWeights: .inverse)
        recipe.augmentation.rotation = .fixed(15)
        recipe.augmentation.scale = .fixed(Augmentation.Scale(low: 0.9, high: 1.1))
        recipe.augmentation.elastic = Augmentation.Elastic(spacing: 32, sigma: 4)
        return recipe
    }
}
