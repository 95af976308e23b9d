/// A point of the loss curve.
package struct CurvePoint: Codable, Hashable, Sendable {
    package var step: Int
    package var seconds: Double
    /// The mean over the steps since the previous point.
    package var loss: Double
    package var heldOutIoU: Double?

    private enum CodingKeys: String, CodingKey {
        case step, seconds, loss
        case heldOutIoU = "heldout_iou"
    }

    package init(step: Int, seconds: Double, loss: Double, heldOutIoU: Double? = nil) {
        self.step = step
        self.seconds = seconds
        self.loss = loss
        self.heldOutIoU = heldOutIoU
    }
}

/// Loss and held-out IoU by step, thinned so that it stays small in long trainings.
package struct Curve: Codable, Hashable, Sendable {
    private static let capacity = 512

    package private(set) var points: [CurvePoint] = []
    /// Steps between points; doubled when there are too many points.
    private var stride = 1
    private var sum = 0.0
    private var count = 0

    package init() {}

    /// Adds the loss of a step; a measured IoU always makes a point.
    package mutating func add(step: Int, seconds: Double, loss: Double, heldOutIoU: Double?) {
        sum += loss
        count += 1
        guard count >= stride || heldOutIoU != nil else { return }
        points.append(CurvePoint(step: step, seconds: seconds, loss: sum / Double(count), heldOutIoU: heldOutIoU))
        sum = 0
        count = 0
        if points.count > Curve.capacity { thin() }
    }

    /// Merges neighbouring points in pairs.
    private mutating func thin() {
        var joined: [CurvePoint] = []
        for place in Swift.stride(from: 0, to: points.count, by: 2) {
            guard place + 1 < points.count else {
                joined.append(points[place])
                continue
            }
            var point = points[place + 1]
            // A point that a measurement made early covers fewer steps.
            let steps = Double(max(points[place].step - (joined.last?.step ?? 0), 1))
            let more = Double(max(point.step - points[place].step, 0))
            point.loss = (points[place].loss * steps + point.loss * more) / (steps + more)
            point.heldOutIoU = point.heldOutIoU ?? points[place].heldOutIoU
            joined.append(point)
        }
        points = joined
        stride *= 2
    }
}
