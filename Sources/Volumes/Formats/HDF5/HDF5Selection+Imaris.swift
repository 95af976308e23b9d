extension HDF5Selection {
    /// The finest resolution and first time point of a file of Imaris, a dataset for each channel; `nil` for other files.
    ///
    /// The layout is Bitplane's: `/DataSet/ResolutionLevel 0/TimePoint 0/Channel 0/Data`.
    init?(imaris listing: HDF5Listing) throws(VolumeError) {
        let known = listing.datasets.compactMap { dataset in
            ImarisPlace(dataset.path).map { (place: $0, dataset: dataset) }
        }
        let level = known.map(\.place.level).min()
        let finest = known.filter { $0.place.level == level }
        let times = Set(finest.map(\.place.time)).sorted()
        let first = finest.filter { $0.place.time == times.first }.sorted { $0.place.channel < $1.place.channel }
        guard let place = first.first?.place else { return nil }
        try self.init(imaris: first.map(\.dataset), listing)
        part = FilePart(dataset: place.timePoint(place.time))
        if times.count > 1 { part.remarks = [FilePart.firstOf(times.count, next: place.timePoint(times[1]))] }
    }

    /// Of datasets of such a file; `nil` if they are none.
    ///
    /// They are filled up to whole chunks: their group has the sizes, as texts.
    init?(imaris datasets: [HDF5Dataset], _ listing: HDF5Listing) throws(VolumeError) {
        guard let first = datasets.first, datasets.allSatisfy({ ImarisPlace($0.path) != nil && $0.sizes.count == 3 })
        else { return nil }
        var sizes: [Int] = []
        for (axis, name) in ["Z", "Y", "X"].enumerated() {
            let group = String(first.path.dropLast("/Data".count))
            let text = listing.attribute("ImageSize\(name)", of: group)?.text
            let size = text.flatMap { Int($0.trimmed) } ?? first.sizes[axis]
            guard size > 0, size <= first.sizes[axis] else {
                throw .malformed(
                    "the Imaris file says \(size) voxels along \(name.lowercased()); its dataset has \(first.sizes[axis])"
                )
            }
            sizes.append(size)
        }
        for dataset in datasets {
            try dataset.check()
            guard dataset.sizes == first.sizes, dataset.element == first.element else {
                throw .unsupported(
                    "the Imaris file's channels differ: \(first.text), \(dataset.text); send one with dataset=")
            }
        }
        self.init(
            datasets, sizes: sizes, axes: ["z", "y", "x"], element: first.element ?? .uint8,
            spacing: Self.imarisSpacing(sizes, listing))
        looks = datasets.compactMap { ImarisPlace($0.path)?.channel }.map { Self.look(of: $0, listing) }
    }

    /// The name of a channel, and its colour, which is three shares of 1 as a text.
    private static func look(of channel: Int, _ listing: HDF5Listing) -> ChannelLook {
        let text = { (name: String) in listing.attribute(name, of: "/DataSetInfo/Channel \(channel)")?.text }
        let shares = (text("Color") ?? "").split(separator: " ").compactMap { Double($0) }.filter {
            (0...1).contains($0)
        }
        let parts = shares.map { UInt8(($0 * 255).rounded()) }
        let color = parts.count == 3 ? Color(red: parts[0], green: parts[1], blue: parts[2]) : nil
        return ChannelLook(name: text("Name"), color: color)
    }

    /// The lengths of the whole image, 0 to 2 for x to z, shared among its voxels.
    private static func imarisSpacing(_ sizes: [Int], _ listing: HDF5Listing) -> Spacing? {
        let number = { (name: String) in
            listing.attribute(name, of: "/DataSetInfo/Image")?.text.flatMap { Double($0.trimmed) }
        }
        var lengths: [Double] = []
        for axis in 0..<3 {
            guard let least = number("ExtMin\(2 - axis)"), let most = number("ExtMax\(2 - axis)") else { return nil }
            let length = (most - least) / Double(sizes[axis])
            guard length.isFinite, length > 0 else { return nil }
            lengths.append(length)
        }
        let unit = listing.attribute("Unit", of: "/DataSetInfo/Image")?.text
        return Spacing(
            z: lengths[0], y: lengths[1], x: lengths[2], unit: unit.flatMap(LengthUnit.init(named:))?.rawValue)
    }
}

/// Where a dataset of Imaris belongs.
private struct ImarisPlace {
    let level: Int
    let time: Int
    let channel: Int

    /// `nil` for other paths.
    init?(_ path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].isEmpty, parts[1] == "DataSet", parts[5] == "Data" else { return nil }
        let numbers = zip(parts[2...4], ["ResolutionLevel ", "TimePoint ", "Channel "]).compactMap { part, name in
            part.hasPrefix(name) ? Int(part.dropFirst(name.count)) : nil
        }
        guard numbers.count == 3 else { return nil }
        (level, time, channel) = (numbers[0], numbers[1], numbers[2])
    }

    /// The path of the group that a time point is, in this resolution.
    func timePoint(_ time: Int) -> String { "/DataSet/ResolutionLevel \(level)/TimePoint \(time)" }
}
