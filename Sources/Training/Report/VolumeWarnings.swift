internal import Volumes

/// Warnings about the images that a training learns from, as sentences for users.
package enum VolumeWarnings {
    /// The ratio of two voxel sizes beyond which a network sees the same structure in different sizes.
    private static let unlike = 1.25

    package static func of(_ volumes: [TrainingVolume]) -> [String] {
        spacings(of: volumes) + intensities(of: volumes)
    }

    /// The warning about voxels of unlike size.
    private static func spacings(of volumes: [TrainingVolume]) -> [String] {
        let differs = Axis.allCases.contains { axis in
            let sizes = volumes.map { $0.image.header.spacing.inMillimeters[axis] }.filter { $0 > 0 }
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
                + "structure has another size in each; resample them to one spacing, or train a model for each."
        ]
    }

    private static func intensities(of volumes: [TrainingVolume]) -> [String] {
        volumes.flatMap { volume in
            volume.statistics.warnings(about: volume.image.header).map { "\(volume.name): \($0)" }
        }
    }
}

extension Spacing {
    /// In millimetres if the unit is a known one, as it is otherwise.
    fileprivate var inMillimeters: Spacing {
        let factor =
            switch unit {
            case "meter", "m": 1000.0
            case "centimeter", "cm": 10.0
            case "micrometer", "micron", "um", "µm", "μm": 1e-3
            case "nanometer", "nm": 1e-6
            case "angstrom", "Å": 1e-7
            default: 1.0
            }
        return Spacing(z: z * factor, y: y * factor, x: x * factor)
    }
}
