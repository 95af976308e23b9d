/// How often each class was predicted as each class: rows are true classes, columns predicted ones.
package struct ConfusionMatrix: Codable, Hashable, Sendable {
    package let classes: Int
    /// classes × classes, row-major.
    package private(set) var counts: [Int]
    /// Scored voxels of each true class whose predicted value is not a class; they count as false negatives.
    package private(set) var unpredicted: [Int]

    package init(classes: Int) {
        self.classes = classes
        counts = [Int](repeating: 0, count: classes * classes)
        unpredicted = [Int](repeating: 0, count: classes)
    }

    /// Counts a voxel; it is not scored if its true value is not a class (255 for instance).
    package mutating func count(truth: UInt8, prediction: UInt8) {
        let row = Int(truth)
        let column = Int(prediction)
        guard row < classes else { return }
        if column < classes { counts[row * classes + column] += 1 } else { unpredicted[row] += 1 }
    }

    package mutating func add(_ other: ConfusionMatrix) {
        guard other.classes == classes else { return }
        for index in counts.indices { counts[index] += other.counts[index] }
        for index in unpredicted.indices { unpredicted[index] += other.unpredicted[index] }
    }

    /// The number of scored voxels.
    package var voxels: Int { counts.reduce(0, +) + unpredicted.reduce(0, +) }

    package var rows: [[Int]] {
        (0..<classes).map { Array(counts[$0 * classes..<($0 + 1) * classes]) }
    }

    package func truePositives(_ value: Int) -> Int { counts[value * classes + value] }

    package func falsePositives(_ value: Int) -> Int {
        (0..<classes).reduce(0) { $0 + counts[$1 * classes + value] } - truePositives(value)
    }

    package func falseNegatives(_ value: Int) -> Int {
        counts[value * classes..<(value + 1) * classes].reduce(unpredicted[value], +) - truePositives(value)
    }

    /// TP / (TP + FP + FN); `nil` for 0/0.
    package func iou(_ value: Int) -> Double? {
        let union = truePositives(value) + falsePositives(value) + falseNegatives(value)
        return union > 0 ? Double(truePositives(value)) / Double(union) : nil
    }

    /// 2 TP / (2 TP + FP + FN); `nil` for 0/0.
    package func dice(_ value: Int) -> Double? {
        let sum = 2 * truePositives(value) + falsePositives(value) + falseNegatives(value)
        return sum > 0 ? 2 * Double(truePositives(value)) / Double(sum) : nil
    }

    /// The mean IoU over the classes whose IoU is defined; `nil` if none is.
    package var meanIoU: Double? {
        let known = (0..<classes).compactMap(iou)
        return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }
}
