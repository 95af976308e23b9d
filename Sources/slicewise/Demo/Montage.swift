internal import Volumes

/// Pictures of one slice side by side, each with its own labels drawn over it.
struct Montage {
    /// Blank pixels between the pictures.
    private static let gap = 4

    struct Picture {
        /// Drawn over the image; `nil` for none.
        var labels: (any VoxelSource)?
        /// The brightness of the image, 0 to 1: lower if a few labels should stand out.
        var brightness: Float = 1
    }

    let image: any VoxelSource
    let statistics: [ChannelStatistics]
    let pictures: [Picture]
    let colors: [Color]
    /// Pixels per voxel of the finest axis.
    let scale: Int

    /// The PNG of one slice.
    func png(_ slice: SlicePosition) throws -> [UInt8] { try png([slice]) }

    /// The PNG of several slices below each other.
    func png(_ slices: [SlicePosition]) throws -> [UInt8] {
        let header = image.header
        let channels = min(header.channels, 3)
        let parts = try slices.map { try Part(self, $0, channels: channels) }
        let width = parts.map { $0.columns * pictures.count + Self.gap * (pictures.count - 1) }.max() ?? 0
        let height = parts.map(\.rows).reduce(Self.gap * (parts.count - 1), +)
        var sheet = Sheet(
            rows: height, columns: width, channels: channels, background: statistics.map { Float($0.low) })
        var top = 0
        for part in parts {
            for (number, labels) in part.labels.enumerated() {
                let left = number * (part.columns + Self.gap)
                sheet.paint(part, labels: labels, brightness: pictures[number].brightness, top: top, left: left)
            }
            top += part.rows + Self.gap
        }
        var renderer = SliceRenderer(statistics: statistics)
        renderer.overlay = .labels(sheet.labels, colors: colors)
        renderer.alpha = 0.6
        let volume = try InMemoryVolume(
            header: VolumeHeader(
                channels: channels, extent: Extent(z: 1, y: height, x: width), element: .float32),
            values: sheet.values)
        return try renderer.png(of: volume, slice: SlicePosition(.z, 0))
    }

    /// A slice, enlarged so that its pixels are square.
    private struct Part {
        let rows: Int
        let columns: Int
        let values: [[Float]]
        /// One per picture.
        let labels: [[UInt8]?]

        init(_ montage: Montage, _ slice: SlicePosition, channels: Int) throws {
            let header = montage.image.header
            let plane = Box(slice: slice, of: header.extent)
            let (height, width) = slice.plane(in: header.extent)
            let finest = min(header.spacing.z, header.spacing.y, header.spacing.x)
            let sides: (Axis, Axis) =
                switch slice.axis {
                case .z: (.y, .x)
                case .y: (.z, .x)
                case .x: (.z, .y)
                }
            let enlarge = { (count: Int, side: Axis) -> [Int] in
                let factor = finest > 0 ? header.spacing[side] / finest * Double(montage.scale) : Double(montage.scale)
                let pixels = max(1, Int((Double(count) * factor).rounded()))
                return (0..<pixels).map { $0 * count / pixels }
            }
            let down = enlarge(height, sides.0)
            let across = enlarge(width, sides.1)
            func enlarged<Value>(_ values: [Value]) -> [Value] {
                down.flatMap { row in across.map { values[row * width + $0] } }
            }
            rows = down.count
            columns = across.count
            values = try (0..<channels).map { enlarged(try montage.image.floats(plane, channel: $0)) }
            labels = try montage.pictures.map { picture in try picture.labels.map { enlarged(try $0.labels(plane)) } }
        }
    }

    /// The picture under construction.
    private struct Sheet {
        let rows: Int
        let columns: Int
        /// Channels × rows × columns.
        var values: [Float]
        var labels: [UInt8]
        /// The darkest value of each channel.
        let background: [Float]

        init(rows: Int, columns: Int, channels: Int, background: [Float]) {
            self.rows = rows
            self.columns = columns
            self.background = background
            values = (0..<channels).flatMap { [Float](repeating: background[$0], count: rows * columns) }
            labels = [UInt8](repeating: AnnotatedSlice.unlabeled, count: rows * columns)
        }

        mutating func paint(_ part: Part, labels overlay: [UInt8]?, brightness: Float, top: Int, left: Int) {
            for row in 0..<part.rows {
                let from = row * part.columns..<(row + 1) * part.columns
                let start = (top + row) * columns + left
                let to = start..<start + part.columns
                if let overlay { labels.replaceSubrange(to, with: overlay[from]) }
                for (channel, plane) in part.values.enumerated() {
                    let offset = channel * rows * columns
                    let dark = background[channel]
                    values.replaceSubrange(
                        to.lowerBound + offset..<to.upperBound + offset,
                        with: plane[from].map { dark + ($0 - dark) * brightness })
                }
            }
        }
    }
}
