internal import Foundation

/// The mapping from numbers to positions on an axis of a plot, and the axis's ticks.
struct ChartScale {
    private let range: ClosedRange<Double>
    private let isLogarithmic: Bool
    /// The positions of the range's ends in the picture.
    private let start: Double
    private let end: Double
    let ticks: [Double]

    /// A vertical axis: from 0 for bars, otherwise a range of round numbers around the heights, at least 0.1 long.
    static func heights(_ values: [Double], fromZero: Bool, start: Double, end: Double) -> ChartScale {
        let high = max(values.max() ?? 1, 0)
        let low = fromZero ? 0 : values.min() ?? 0
        let spread = max(high - low, 0.1)
        let step = roundStep(spread / 5)
        let bottom = (low / step + 1e-9).rounded(.down) * step
        let top = max((high / step - 1e-9).rounded(.up) * step, bottom + step)
        return ChartScale(range: bottom...top, isLogarithmic: false, start: start, end: end, step: step)
    }

    /// A horizontal axis with some margin; on a linear axis up to eight distinct numbers are themselves the ticks.
    static func numbers(_ values: [Double], isLogarithmic: Bool, start: Double, end: Double) -> ChartScale {
        let isLogarithmic = isLogarithmic && (values.min() ?? 0) > 0
        let transform: (Double) -> Double = isLogarithmic ? { log10($0) } : { $0 }
        let low = transform(values.min() ?? 0)
        let high = transform(values.max() ?? 1)
        let room = max((high - low) * 0.06, isLogarithmic ? 0.05 : 0.25)
        let range = isLogarithmic ? pow(10, low - room)...pow(10, high + room) : low - room...high + room
        let distinct = Set(values).sorted()
        if distinct.count <= 8, !isLogarithmic {
            return ChartScale(range: range, isLogarithmic: false, start: start, end: end, ticks: distinct)
        }
        return ChartScale(
            range: range, isLogarithmic: isLogarithmic, start: start, end: end, step: roundStep((high - low) / 6))
    }

    private init(range: ClosedRange<Double>, isLogarithmic: Bool, start: Double, end: Double, ticks: [Double]) {
        self.range = range
        self.isLogarithmic = isLogarithmic
        self.start = start
        self.end = end
        self.ticks = ticks
    }

    private init(range: ClosedRange<Double>, isLogarithmic: Bool, start: Double, end: Double, step: Double) {
        var ticks: [Double] = []
        if isLogarithmic {
            for decade in Int(log10(range.lowerBound).rounded(.down))...Int(log10(range.upperBound).rounded(.up)) {
                ticks += [1, 2, 5].map { $0 * pow(10, Double(decade)) }
            }
        } else {
            let first = Int((range.lowerBound / step - 1e-9).rounded(.up))
            let last = Int((range.upperBound / step + 1e-9).rounded(.down))
            if first <= last { ticks = (first...last).map { Double($0) * step } }
        }
        let slack = (range.upperBound - range.lowerBound) * 1e-9
        let inside = ticks.filter { $0 >= range.lowerBound - slack && $0 <= range.upperBound + slack }
        self.init(range: range, isLogarithmic: isLogarithmic, start: start, end: end, ticks: inside)
    }

    /// The position of a number in the picture.
    func callAsFunction(_ value: Double) -> Double {
        let transform: (Double) -> Double = isLogarithmic ? { log10($0) } : { $0 }
        let (low, high) = (transform(range.lowerBound), transform(range.upperBound))
        return start + (transform(value) - low) / max(high - low, .leastNormalMagnitude) * (end - start)
    }

    /// The smallest of 1, 2 and 5 times a power of ten that is at least `least`.
    private static func roundStep(_ least: Double) -> Double {
        let power = pow(10, log10(max(least, 1e-9)).rounded(.down))
        return ([1, 2, 5, 10].map { $0 * power }.first { $0 >= least * (1 - 1e-9) }) ?? 10 * power
    }
}
