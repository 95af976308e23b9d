internal import Foundation
package import Volumes

/// A random increasing curve from intensities to intensities: a table with linear interpolation.
package struct GrayCurve: Hashable, Sendable {
    /// Intensities are limited to this many standard deviations.
    private static let limit: Float = 8
    private static let entries = 256

    private var table: [Float]

    /// Draws a piecewise linear curve with pieces of one standard deviation, whose slopes are e^(strength·normal).
    ///
    /// 0 is mapped to 0 and the mean slope within two standard deviations is 1, so that contrast and brightness stay.
    package init(strength: Double, using random: inout Random) {
        let slopes = (0..<8).map { _ in exp(strength * random.normal()) }
        let mean = slopes[2...5].reduce(0, +) / 4
        // Knots at −4 … 4; the outer pieces continue beyond them.
        func value(at position: Double) -> Double {
            var sum = 0.0
            let end = abs(position)
            for piece in 0..<4 {
                let slope = slopes[position < 0 ? 3 - piece : 4 + piece] / mean
                let from = Double(piece)
                guard end > from else { break }
                sum += slope * ((piece == 3 ? end : min(end, from + 1)) - from)
            }
            return position < 0 ? -sum : sum
        }
        let step = 2 * Double(GrayCurve.limit) / Double(GrayCurve.entries)
        table = (0...GrayCurve.entries + 1).map { Float(value(at: Double($0) * step - Double(GrayCurve.limit))) }
    }

    /// Maps every value by the curve.
    package func apply(to values: UnsafeMutableBufferPointer<Float>) {
        let scale = Float(GrayCurve.entries) / (2 * GrayCurve.limit)
        table.withUnsafeBufferPointer { table in
            for index in values.indices {
                let position = (min(max(values[index], -GrayCurve.limit), GrayCurve.limit) + GrayCurve.limit) * scale
                let cell = Int(position)
                let low = table[cell]
                values[index] = low + (table[cell + 1] - low) * (position - Float(cell))
            }
        }
    }
}
