internal import Foundation
internal import Volumes

/// Pooling windows and kernels of a network, chosen from the spacing and the extent of its training volumes.
///
/// As in nnU-Net (Isensee et al. 2021): from level to level, an axis is pooled while its spacing is less than twice
/// the finest one and at least four voxels are left; a convolution spans an axis from the level where its spacing is
/// within twice the finest. Spacings that differ less than threefold are taken as equal: measured at 2.2 : 1 (nuclei,
/// one slice per axis, 200 steps) a uniform network reached 0.849, this one 0.839; at 5 : 1 (neuropil, 300 steps) 0.401
/// and 0.430 against 0.481 and 0.493 with two slices per axis and one.
struct Anisotropy {
    /// The pooling windows below each level but the last.
    private(set) var windows: [[Int]] = []
    /// The kernels of each level.
    private(set) var kernels: [[Int]] = []

    /// With `dimensions` 2, z is neither pooled nor convolved.
    init(spacing: [Double], extent: Extent, levels: Int, dimensions: Int) {
        var sizes = Axis.allCases.map { extent[$0] }
        let wide = (0..<3).filter { sizes[$0] > 1 }.map { spacing[$0] }
        let isUniform = (wide.max() ?? 1) < 3 * (wide.min() ?? 1)
        var spacing = isUniform ? [1, 1, 1] : spacing
        let axes = dimensions == 2 ? 1..<3 : 0..<3
        var kernel = [1, 1, 1]
        for level in 0..<levels {
            let finest = axes.filter { sizes[$0] > 1 }.map { spacing[$0] }.min() ?? 1
            // An axis that can't be pooled further keeps its spacing, which must not restrict the other axes' kernels.
            for axis in axes where spacing[axis] < 2 * finest { kernel[axis] = 3 }
            kernels.append(kernel)
            guard level < levels - 1 else { break }
            let open = axes.filter { sizes[$0] >= 4 }
            let reached = open.map { spacing[$0] }.min() ?? 1
            let pooled = open.filter { spacing[$0] < 2 * reached }
            guard !pooled.isEmpty else { break }
            windows.append((0..<3).map { pooled.contains($0) ? 2 : 1 })
            for axis in pooled {
                spacing[axis] *= 2
                sizes[axis] = (sizes[axis] + 1) / 2
            }
        }
    }

    /// The number of levels that the windows give.
    var levels: Int { windows.count + 1 }

    /// The geometric mean of the spacings of several volumes, each relative to its finest axis.
    static func spacing(_ volumes: [VolumeHeader]) -> [Double] {
        var logs = [0.0, 0.0, 0.0]
        for volume in volumes {
            let sizes = Axis.allCases.map { volume.spacing[$0] > 0 ? volume.spacing[$0] : 1 }
            let finest = sizes.min() ?? 1
            for axis in 0..<3 { logs[axis] += log(sizes[axis] / finest) / Double(volumes.count) }
        }
        return logs.map(exp)
    }
}
