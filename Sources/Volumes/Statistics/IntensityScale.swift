internal import Foundation

/// Centres and scales intensities in double precision, whatever type they are stored in.
///
/// The mean becomes 0 and the deviation 1. Beyond the range of the typical voxels the scale is logarithmic and ends
/// at 3 deviations, so that padding and outliers stay apart from the image and yet near it. Numbers that are not finite
/// become 0.
struct IntensityScale {
    private let origin: Double
    private let offset: Double
    private let deviation: Double
    private let lowest: Double
    private let highest: Double

    init(_ typical: TypicalIntensities) {
        origin = typical.origin
        offset = typical.offset
        deviation = typical.deviation > 0 ? typical.deviation : 1
        // Bounds of 64-bit integers are rounded.
        let isOrdinary = typical.setAside == 0
        lowest = isOrdinary ? -.infinity : (typical.least.nextDown - origin - offset) / deviation
        highest = isOrdinary ? .infinity : (typical.most.nextUp - origin - offset) / deviation
    }

    @inline(__always)
    func callAsFunction<Value: VoxelValue>(_ value: Value) -> Float {
        let scaled = (value.difference(from: origin) - offset) / deviation
        guard scaled < lowest || scaled > highest else { return scaled.isFinite ? Float(scaled) : 0 }
        guard value.double.isFinite else { return 0 }
        return Float(scaled > highest ? highest + excess(scaled - highest) : lowest - excess(lowest - scaled))
    }

    private func excess(_ distance: Double) -> Double { min(0.5 * log1p(distance), 3) }
}
