/// Draws a slice of a volume as a PNG picture to look at.
package struct SliceRenderer: Sendable {
    /// The channels to show: one in gray, two or three as colours.
    package var channels: [Int]
    /// For each of `channels`, the intensities that are drawn black and at full brightness.
    package var windows: [ClosedRange<Double>]
    package var overlay: SliceOverlay?
    /// The opacity of the overlay, 0 to 1.
    package var alpha: Double
    /// Whether only the edges of labels are drawn.
    package var isOutlined = false
    /// Pixels for a voxel along the finer axis of the slice, which is then drawn in its true proportions; a pixel for
    /// each voxel if there is none.
    package var scale: Double?

    /// If there are fewer windows than channels, the last is used for the rest.
    package init(
        channels: [Int] = [0], windows: [ClosedRange<Double>], overlay: SliceOverlay? = nil, alpha: Double = 0.4
    ) {
        self.channels = channels
        self.windows = windows
        self.overlay = overlay
        self.alpha = min(max(alpha, 0), 1)
    }

    /// Windows from the 1st to the 99th percentile of each channel; shows the first three channels if none are given.
    package init(statistics: [ChannelStatistics], channels: [Int]? = nil) {
        let shown = channels ?? Array(statistics.indices.prefix(3))
        self.init(
            channels: shown,
            windows: shown.map { statistics.indices.contains($0) ? statistics[$0].window : 0...1 })
    }

    /// One plane of a source as PNG bytes.
    package func png(of source: any VoxelSource, slice position: SlicePosition) throws -> [UInt8] {
        let picture = try pixels(of: source, slice: position)
        return picture.samples.count == picture.rows * picture.columns
            ? try PNG.encodeGray(picture.samples, rows: picture.rows, columns: picture.columns)
            : try PNG.encodeRGB(picture.samples, rows: picture.rows, columns: picture.columns)
    }

    /// The pixels of the picture: a gray value each, or red, green and blue.
    package func pixels(
        of source: any VoxelSource, slice position: SlicePosition
    ) throws -> (rows: Int, columns: Int, samples: [UInt8]) {
        let header = source.header
        if let absence = position.absence(from: header.extent) { throw VolumeError.unsupported(absence) }
        guard (1...3).contains(channels.count), channels.allSatisfy({ (0..<header.channels).contains($0) }),
            !windows.isEmpty
        else {
            throw VolumeError.unsupported(
                "one to three of the channels 0 to \(header.channels - 1) can be shown, not \(channels)")
        }
        let plane = Box(slice: position, of: header.extent)
        let gray = try channels.enumerated().map { number, channel in
            let values = try source.floats(plane, channel: channel)
            return Self.brightness(of: values, window: windows[min(number, windows.count - 1)])
        }
        let (rows, columns) = position.plane(in: header.extent)
        let sides = Axis.allCases.filter { $0 != position.axis }
        let grid = try PictureGrid(
            rows: rows, columns: columns,
            spacing: (row: header.spacing[sides[0]], column: header.spacing[sides[1]]), scale: scale)
        let pictures = gray.map { grid.picture(of: $0) }
        guard pictures.count > 1 || overlay != nil else {
            return (grid.rows, grid.columns, pictures[0])
        }
        let shown = try overlay?.scaled(by: grid, voxels: rows * columns)
        return (grid.rows, grid.columns, colored(pictures, shown, columns: grid.columns))
    }

    /// Red, green and blue of each pixel; two channels are green and magenta, which colour-blind people can tell apart.
    private func colored(_ gray: [[UInt8]], _ overlay: SliceOverlay?, columns: Int) -> [UInt8] {
        let (red, green, blue) =
            switch gray.count {
            case 1: (gray[0], gray[0], gray[0])
            case 2: (gray[1], gray[0], gray[1])
            default: (gray[0], gray[1], gray[2])
            }
        var pixels = [UInt8](repeating: 0, count: 3 * red.count)
        for index in red.indices {
            var color = Color(red: red[index], green: green[index], blue: blue[index])
            if let (over, share) = over(index, overlay, columns: columns) {
                color = color.mixed(with: over, share: share)
            }
            pixels[3 * index] = color.red
            pixels[3 * index + 1] = color.green
            pixels[3 * index + 2] = color.blue
        }
        return pixels
    }

    /// The overlay's colour at a pixel and its opacity there.
    private func over(_ index: Int, _ overlay: SliceOverlay?, columns: Int) -> (Color, Double)? {
        switch overlay {
        case nil: return nil
        case .labels(let labels, let colors):
            let label = labels[index]
            guard label != AnnotatedSlice.unlabeled, Int(label) < colors.count, let color = colors[Int(label)],
                !isOutlined || Self.isEdge(index, of: labels, columns: columns)
            else { return nil }
            return (color, alpha)
        case .heat(let heat):
            let value = heat[index].isFinite ? min(max(Double(heat[index]), 0), 1) : 0
            return (Self.heatColor(value), min(alpha * 2, 1) * value.squareRoot())
        }
    }

    /// Whether a neighbour has another label; the picture's border is no edge.
    private static func isEdge(_ index: Int, of labels: [UInt8], columns: Int) -> Bool {
        let column = index % columns
        return (column > 0 && labels[index - 1] != labels[index])
            || (column + 1 < columns && labels[index + 1] != labels[index])
            || (index >= columns && labels[index - columns] != labels[index])
            || (index + columns < labels.count && labels[index + columns] != labels[index])
    }

    private static func brightness(of values: [Float], window: ClosedRange<Double>) -> [UInt8] {
        let low = Float(window.lowerBound)
        let width = Float(window.upperBound) - low
        let scale = width > 0 ? 255 / width : 0
        return values.map { value in
            let bright = (value - low) * scale
            return bright.isFinite ? UInt8(min(max(bright + 0.5, 0), 255)) : 0
        }
    }

    private static func heatColor(_ value: Double) -> Color { heat[Int((value * 255).rounded())] }

    /// Black, purple, orange, pale yellow: interpolated samples of Matplotlib's perceptually uniform map "inferno".
    private static let heat: [Color] = {
        let samples = ["#000004", "#420a68", "#932667", "#dd513a", "#fca50a", "#fcffa4"].compactMap(Color.init(hex:))
        return (0...255).map { step in
            let position = Double(step) / 255 * Double(samples.count - 1)
            let index = min(Int(position), samples.count - 2)
            return samples[index].mixed(with: samples[index + 1], share: position - Double(index))
        }
    }()
}

extension SliceOverlay {
    /// For the pixels of a picture instead of the voxels of its slice.
    fileprivate func scaled(by grid: PictureGrid, voxels: Int) throws(VolumeError) -> SliceOverlay {
        let count =
            switch self {
            case .labels(let labels, _): labels.count
            case .heat(let heat): heat.count
            }
        guard count == voxels else { throw .malformed("the overlay has \(count) pixels, the slice \(voxels)") }
        return switch self {
        case .labels(let labels, let colors): .labels(grid.picture(of: labels), colors: colors)
        case .heat(let heat): .heat(grid.picture(of: heat))
        }
    }
}

extension ChannelStatistics {
    /// From the 1st to the 99th percentile; if they are equal, from minimum to maximum, or a range of width 1.
    package var window: ClosedRange<Double> {
        if high > low { return low...high }
        return maximum > minimum ? minimum...maximum : low...(low + 1)
    }
}
