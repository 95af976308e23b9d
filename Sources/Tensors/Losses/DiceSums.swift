/// What soft Dice is made of, summed over labelled voxels for each class, and the loss that follows.
///
/// Dice of a class is (2·Σ p·t + 1) / (Σ p + Σ t + 1), with t = 1 where the label is the class: Milletari et al. 2016,
/// smoothed by a voxel. The loss is one minus its mean over the classes that a label names.
struct DiceSums {
    /// Σ p·t, Σ p and Σ t.
    var overlap: [Double]
    var predicted: [Double]
    var labelled: [Double]

    /// Slopes of the loss at the probability of a class.
    struct Slopes {
        var loss = 0.0
        /// Where the label is another class, and where it is that one.
        var other: [Float]
        var same: [Float]
    }

    /// From the kernels' sums: all overlaps, then what is predicted, then what is labelled.
    init(_ totals: UnsafePointer<Double>, classes: Int) {
        func part(_ index: Int) -> [Double] {
            Array(UnsafeBufferPointer(start: totals + index * classes, count: classes))
        }
        overlap = part(0)
        predicted = part(1)
        labelled = part(2)
    }

    var slopes: Slopes {
        let none = [Float](repeating: 0, count: overlap.count)
        var slopes = Slopes(other: none, same: none)
        let present = Double(labelled.count { $0 > 0 })
        for value in overlap.indices where labelled[value] > 0 {
            let (top, bottom) = (2 * overlap[value] + 1, predicted[value] + labelled[value] + 1)
            slopes.loss += (1 - top / bottom) / present
            slopes.other[value] = Float(top / (bottom * bottom) / present)
            slopes.same[value] = Float((top / bottom - 2) / bottom / present)
        }
        return slopes
    }
}
