internal import Volumes

/// Warnings about the images that a training learns from, as sentences for users.
package enum VolumeWarnings {
    /// The ratio of two voxel sizes beyond which a network sees the same structure in different sizes.
    private static let unlike = 1.25

    package static func of(_ volumes: [TrainingVolume], for recipe: Recipe) -> [String] {
        (recipe.spacing == .own ? spacings(of: volumes) : []) + intensities(of: volumes)
    }

    /// The warning about voxels of unlike size.
    private static func spacings(of volumes: [TrainingVolume]) -> [String] {
        let differs = Axis.allCases.contains { axis in
            let sizes = volumes.map { $0.image.header.spacing.converted(to: "millimeter")[axis] }.filter { $0 > 0 }
            return (sizes.max() ?? 1) > unlike * (sizes.min() ?? 1)
        }
        guard differs else { return [] }
        let shown = volumes.prefix(8).map { volume in
            let spacing = volume.image.header.spacing
            return "\(volume.name) \(spacing.z)×\(spacing.y)×\(spacing.x)" + (spacing.unit.map { " \($0)" } ?? "")
        }
        return [
            "The volumes have voxels of unlike size (z×y×x: \(shown.joined(separator: ", "))"
                + (volumes.count > shown.count ? " …" : "") + "). A network sees voxels, not lengths, so the same "
                + "structure has another size in each; \"spacing\": \"common\" in the recipe shows them at one."
        ]
    }

    private static func intensities(of volumes: [TrainingVolume]) -> [String] {
        volumes.flatMap { volume in
            volume.statistics.warnings(about: volume.image.header).map { "\(volume.name): \($0)" }
        }
    }
}
