/// The sums over labelled voxels that soft Dice is computed from, for each class, and the soft Dice loss.
///
/// The Dice of a class is (2·Σ p·t + 1) / (Σ p + Σ t + 1), with t = 1 where the label is the class: Milletari et al.
/// 2016, smoothed by one voxel. The loss is one minus the mean Dice of the classes that occur among the labels.
struct DiceSums {
    /// Σ p·t, Σ p and Σ t.
    var overlap: [Double]
    var predicted: [Double]
    var labelled: [Double]

    /// The derivatives of the loss by the probability of each class.
    struct Slopes {
        var loss = 0.0
        /// At voxels labelled with another class, and at voxels labelled with this class.
        var other: [Float]
        var same: [Float]
    }

    /// From the kernels' sums: Σ p·t of all classes, then Σ p, then Σ t.
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
