extension LabelPicture {
    /// Pixels of 1 to 4 samples: gray, gray and opacity, red, green and blue, or these and opacity.
    ///
    /// `sample` gives the sample of a pixel; `depth` is its bits, 8 or 16. A pixel must be opaque or fully transparent.
    init(
        samples: Int, depth: Int, rows: Int, columns: Int, name: String, sample: (_ pixel: Int, _ sample: Int) -> Int
    ) throws(VolumeError) {
        let most = 1 << depth - 1
        var values = [UInt32](repeating: 0, count: rows * columns)
        for pixel in values.indices {
            if samples % 2 == 0 {
                let opacity = sample(pixel, samples - 1)
                guard opacity > 0 else {
                    values[pixel] = UInt32(Color.transparent)
                    continue
                }
                guard opacity == most else {
                    throw .unsupported(
                        "the pixel at row \(pixel / columns), column \(pixel % columns) of the \(name) is "
                            + "half-transparent; a label is there or not: save it without smoothed edges")
                }
            }
            var value = sample(pixel, 0)
            if samples > 2 {
                let parts = (0..<3).map { sample(pixel, $0) }
                guard depth == 8 || parts.allSatisfy({ $0 >> 8 == $0 & 255 }) else {
                    throw .unsupported(
                        "the \(name) has colours of 16 bits; save it with 8 bits, or with the classes' numbers in gray")
                }
                value = parts.reduce(0) { $0 << 8 | $1 & 255 }
            }
            values[pixel] = UInt32(truncatingIfNeeded: value)
        }
        try self.init(samples > 2 ? .colors : .translucent, rows: rows, columns: columns, values: values)
    }
}

extension Color {
    /// Red, green and blue as one number.
    package var number: Int64 { Int64(red) << 16 | Int64(green) << 8 | Int64(blue) }

    /// The number of pixels without a colour.
    package static let transparent: Int64 = 1 << 24

    /// The colour of a number; `nil` for that of transparent pixels and for what is none.
    package init?(number: Int64) {
        guard (0..<Self.transparent).contains(number) else { return nil }
        self.init(
            red: UInt8(truncatingIfNeeded: number >> 16), green: UInt8(truncatingIfNeeded: number >> 8),
            blue: UInt8(truncatingIfNeeded: number))
    }
}
