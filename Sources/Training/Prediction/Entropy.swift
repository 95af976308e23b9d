internal import Foundation

/// The uncertainty of each voxel: entropy of its class probabilities in nats over ln K, so 0 is sure and 1 is no idea.
///
/// `probabilities` is K×voxels. Kendall and Gal 2017 among many; 0·ln 0 counts as 0.
package func entropy(_ probabilities: [Float], classes: Int) -> [Float] {
    let voxels = probabilities.count / max(classes, 1)
    var sum = EntropySum(voxels: voxels, classes: classes)
    for value in 0..<classes { sum.add(probabilities[value * voxels..<(value + 1) * voxels]) }
    return sum.entropy
}

/// The same added up class by class, so that only one's probabilities have to be there at a time.
package struct EntropySum {
    private let scale: Float
    private var values: [Float]

    package init(voxels: Int, classes: Int) {
        scale = classes > 1 ? 1 / log(Float(classes)) : 0
        values = [Float](repeating: 0, count: voxels)
    }

    /// Adds the probabilities of one class, of every voxel.
    package mutating func add(_ probabilities: ArraySlice<Float>) {
        for (voxel, p) in probabilities.enumerated() where p > 0 { values[voxel] -= p * log(p) * scale }
    }

    /// What all classes come to.
    package var entropy: [Float] { values.map { min(max($0, 0), 1) } }
}
