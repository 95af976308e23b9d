internal import Foundation
package import Volumes

/// A random rising curve from intensities to intensities, as a table with straight lines between.
package struct GrayCurve: Hashable, Sendable {
    /// Intensities lie within this many deviations.
    private static let limit: Float = 8
    private static let entries = 256

    private var table: [Float]

    /// Draws a curve of straight pieces of one deviation each around the middle, whose slopes are e^(strength·normal);
    /// 0 stays 0 and the mean slope within two deviations is 1, so that contrast and brightness stay.
    package init(strength: Double, using random: inout Random) {
        let slopes = (0..<8).map { _ in exp(strength * random.normal()) }
        let mean = slopes[2...5].reduce(0, +) / 4
        // Knots at −4 … 4; beyond them the outer slopes go on.
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

    /// Takes every value through the curve.
    package func apply(to values: UnsafeMutableBufferPointer<Float>) {
        let scale = Float(GrayCurve.entries) / (2 * GrayCurve.limit)
        table.withUnsafeBufferPointer { table in
            for place in values.indices {
                let position = (min(max(values[place], -GrayCurve.limit), GrayCurve.limit) + GrayCurve.limit) * scale
                let cell = Int(position)
                let low = table[cell]
                values[place] = low + (table[cell + 1] - low) * (position - Float(cell))
            }
        }
    }
}
