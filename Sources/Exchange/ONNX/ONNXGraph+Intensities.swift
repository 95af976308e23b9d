internal import Training
internal import Volumes

extension ONNXGraph {
    /// Adds what turns gray values into what the network sees: mean 0 and deviation 1, numbers that are not finite 0,
    /// all within ±8; see `IntensityReader`.
    mutating func normalise(_ image: String, by intensities: ONNXIntensities) -> String {
        let result: String
        switch intensities {
        case .scaled: result = image
        case .measured:
            let finite = isFinite(image)
            result = clear(measured(clear(image, where: finite), finite), where: finite)
        case .fixed(let statistics, let scaling):
            let finite = isFinite(image)
            result = clear(fixed(clear(image, where: finite), statistics, scaling), where: finite)
        }
        return add("Clip", [result, number(-8), number(8)], named: "intensities")
    }

    private mutating func number(_ value: Float) -> String { constant([value], shape: []) }

    /// No comparison with NaN holds.
    private mutating func isFinite(_ image: String) -> String {
        add("LessOrEqual", [add("Abs", [image]), number(.greatestFiniteMagnitude)])
    }

    /// 0 where numbers are not finite.
    private mutating func clear(_ image: String, where finite: String) -> String {
        add("Where", [finite, image, number(0)])
    }

    /// Sums over rows, planes and the volume, each of few numbers, so that 32-bit floats lose little.
    private mutating func sum(_ values: String) -> String {
        [4, 3, 2].reduce(values) { add("ReduceSum", [$0, constant([$1])], ["keepdims": .integer(1)]) }
    }

    /// Each channel of each image by its own mean and deviation.
    private mutating func measured(_ image: String, _ finite: String) -> String {
        let counted = add("Cast", [finite], ["to": .integer(1)])
        let count = add("Max", [sum(counted), number(1)])
        // Of numbers up to 1, no square is too large or too small.
        let largest = add(
            "ReduceMax", [add("Abs", [image])], ["axes": .integers([2, 3, 4]), "keepdims": .integer(1)])
        var values = add("Div", [image, add("Max", [largest, number(.leastNormalMagnitude)])])
        // The second time corrects what the first one rounded.
        for _ in 0..<2 {
            let mean = add("Div", [sum(values), count])
            values = add("Mul", [add("Sub", [values, mean]), counted])
        }
        let variance = add("Div", [sum(add("Mul", [values, values])), count])
        let deviation = add("Sqrt", [variance])
        let isFlat = add("Equal", [deviation, number(0)])
        return add("Div", [values, add("Where", [isFlat, number(1), deviation])])
    }

    /// Each channel by the statistics of a volume; with `typical`, on a logarithmic scale beyond its typical voxels.
    private mutating func fixed(
        _ image: String, _ statistics: [ChannelStatistics], _ scaling: IntensityScaling
    ) -> String {
        let all = statistics.map { channel in
            var typical = channel.scaling
            if scaling == .all {
                typical = TypicalIntensities(
                    origin: channel.mean, offset: 0, deviation: channel.deviation, least: 0, most: 0, setAside: 0)
            }
            if !(typical.deviation > 0) { typical.deviation = 1 }
            return typical
        }
        func channels(_ values: [Float], _ graph: inout ONNXGraph) -> String {
            graph.constant(values, shape: [1, values.count, 1, 1, 1])
        }
        // What the origin loses as a 32-bit float is added to the small offset.
        let origins = all.map { Float($0.origin) }
        let offsets = zip(all, origins).map { Float($0.offset + ($0.origin - Double($1))) }
        let centred = add("Sub", [add("Sub", [image, channels(origins, &self)]), channels(offsets, &self)])
        let scaled = add("Div", [centred, channels(all.map { Float($0.deviation) }, &self)])
        guard all.contains(where: { $0.setAside > 0 }) else { return scaled }
        let limits = all.map { typical -> (Float, Float) in
            guard typical.setAside > 0 else { return (-.greatestFiniteMagnitude, .greatestFiniteMagnitude) }
            func scale(_ value: Double) -> Float {
                Float((value - typical.origin - typical.offset) / typical.deviation)
            }
            return (scale(typical.least), scale(typical.most))
        }
        let lowest = channels(limits.map(\.0), &self), highest = channels(limits.map(\.1), &self)
        let within = add("Min", [add("Max", [scaled, lowest]), highest])
        let above = excess(add("Sub", [scaled, highest])), below = excess(add("Sub", [lowest, scaled]))
        return add("Sub", [add("Add", [within, above]), below])
    }

    /// min(½·ln(1 + d), 3) of the distances above 0.
    private mutating func excess(_ distance: String) -> String {
        let beyond = add("Add", [add("Max", [distance, number(0)]), number(1)])
        return add("Min", [add("Mul", [add("Log", [beyond]), number(0.5)]), number(3)])
    }
}
