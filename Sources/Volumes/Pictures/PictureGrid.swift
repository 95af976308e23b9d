/// Which voxel of a slice each pixel of its picture shows.
struct PictureGrid {
    let rows: Int
    let columns: Int
    /// The slice's row of each row of pixels, and its column of each column of them.
    let rowSources: [Int]
    let columnSources: [Int]
    private let width: Int

    /// A pixel for each voxel if there is no scale; else `scale` pixels for a voxel along the finer axis, and along the
    /// other as many more as it is coarser.
    init(rows: Int, columns: Int, spacing: (row: Double, column: Double), scale: Double?) throws(VolumeError) {
        let finest = min(spacing.row, spacing.column)
        let factor = { (length: Double) in scale.map { finest > 0 ? $0 * length / finest : $0 } ?? 1 }
        let pixels = { (count: Int, length: Double) in max((Double(count) * factor(length)).rounded(), 1) }
        let (tall, wide) = (pixels(rows, spacing.row), pixels(columns, spacing.column))
        guard tall * wide <= Double(Self.mostPixels) else {
            throw .unsupported(
                "the picture would have \(Int(clamping: Int64(min(tall, 1e15)))) × \(Int(clamping: Int64(min(wide, 1e15)))) "
                    + "pixels; at most \(Self.mostPixels) are drawn, so choose a smaller scale")
        }
        (self.rows, self.columns, width) = (Int(tall), Int(wide), columns)
        let sources = { (pixels: Int, count: Int) in
            (0..<pixels).map { min((2 * $0 + 1) * count / (2 * pixels), count - 1) }
        }
        (rowSources, columnSources) = (sources(Int(tall), rows), sources(Int(wide), columns))
    }

    private static let mostPixels = 1 << 26

    /// The values of the pixels from those of the voxels.
    func picture<Value>(of values: [Value]) -> [Value] {
        guard rows * columns != values.count || columns != width else { return values }
        var pixels: [Value] = []
        pixels.reserveCapacity(rows * columns)
        for row in rowSources { for column in columnSources { pixels.append(values[row * width + column]) } }
        return pixels
    }
}
