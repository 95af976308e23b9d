internal import Foundation

/// The uncertainty of each voxel: entropy of its class probabilities in nats over ln K, so 0 is sure and 1 is no idea.
///
/// `probabilities` is K×voxels. Kendall and Gal 2017 among many; 0·ln 0 counts as 0.
package func entropy(_ probabilities: [Float], classes: Int) -> [Float] {
    guard classes > 1 else { return [Float](repeating: 0, count: probabilities.count) }
    let voxels = probabilities.count / classes
    let scale = 1 / log(Float(classes))
    var result = [Float](repeating: 0, count: voxels)
    for value in 0..<classes {
        for voxel in 0..<voxels {
            let p = probabilities[value * voxels + voxel]
            if p > 0 { result[voxel] -= p * log(p) * scale }
        }
    }
    for voxel in 0..<voxels { result[voxel] = min(max(result[voxel], 0), 1) }
    return result
}
