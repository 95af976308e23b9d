internal import Foundation

/// The uncertainty of each voxel: the entropy of its class probabilities divided by ln K; 0 is certain, 1 is uniform.
///
/// `probabilities` is K×voxels; 0·ln 0 counts as 0. See Kendall and Gal 2017.
package func entropy(_ probabilities: [Float], classes: Int) -> [Float] {
    let voxels = probabilities.count / max(classes, 1)
    var sum = EntropySum(voxels: voxels, classes: classes)
    for value in 0..<classes { sum.add(probabilities[value * voxels..<(value + 1) * voxels]) }
    return sum.entropy
}

/// The same entropy, summed class by class, so that only one class's probabilities are in memory at a time.
package struct EntropySum {
    private let scale: Float
    private var values: [Float]

    package init(voxels: Int, classes: Int) {
        scale = classes > 1 ? 1 / log(Float(classes)) : 0
        values = [Float](repeating: 0, count: voxels)
    }

    /// Adds the probabilities of one class for all voxels.
    package mutating func add(_ probabilities: ArraySlice<Float>) {
        for (voxel, p) in probabilities.enumerated() where p > 0 { values[voxel] -= p * log(p) * scale }
    }

    /// The entropy after all classes have been added.
    package var entropy: [Float] { values.map { min(max($0, 0), 1) } }
}
