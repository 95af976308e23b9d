/// What of an HDF5 file is the volume: a dataset, or several of one shape that are a channel each.
package struct HDF5Selection {
    package var datasets: [HDF5Dataset]
    /// What is read of each, from its first voxel on; slowest first.
    package var sizes: [Int]
    /// The name of each of these axes: c, z, y, x, or `-` for one of a single voxel that is left out.
    package var axes: [Character]
    /// The type that the numbers have here.
    package var element: ElementType
    /// `nil` if the file does not say it.
    var spacing: Spacing?
    /// The name of these, and what was left.
    package var part: FilePart
    /// What the file says of the channels.
    package var looks: [ChannelLook] = []

    /// Chooses by the sender's `dataset=`, by the layouts of Imaris and BigDataViewer, or the only one that can be meant.
    ///
    /// `dataset=` names a dataset, or a group in which the same is sought: a time point, for instance.
    package init(of listing: HDF5Listing, _ hints: VolumeHints) throws(VolumeError) {
        guard let path = hints.dataset else {
            try self.init(amongAll: listing, hints)
            return
        }
        if let dataset = listing.dataset(at: path) {
            let known = try HDF5Selection(imaris: [dataset], listing)
            self = if let known { known } else { try HDF5Selection(dataset, listing, hints) }
            part.dataset = dataset.path
            return
        }
        let group = listing.below(path)
        guard !group.datasets.isEmpty else {
            throw .unsupported(
                "the HDF5 file has no dataset or group \"\(path.prefix(200))\" (links to elsewhere are not followed); "
                    + "its datasets are \(listing.list)")
        }
        try self.init(amongAll: group, hints)
    }

    private init(amongAll listing: HDF5Listing, _ hints: VolumeHints) throws(VolumeError) {
        if let imaris = try HDF5Selection(imaris: listing) {
            self = imaris
        } else if let bigDataViewer = try HDF5Selection(bigDataViewer: listing) {
            self = bigDataViewer
        } else {
            self = try HDF5Selection(Self.only(of: listing), listing, hints)
        }
    }

    /// Of one dataset, whose axes the sender or its attributes name.
    private init(_ dataset: HDF5Dataset, _ listing: HDF5Listing, _ hints: VolumeHints) throws(VolumeError) {
        try dataset.check()
        let axes = try HDF5Axes(of: dataset, listing, hint: hints.axes)
        self.init(
            [dataset], sizes: dataset.sizes, axes: axes.names, element: dataset.element ?? .uint8,
            spacing: HDF5Spacing.spacing(of: dataset, listing) ?? axes.spacing)
        // Of BigDataViewer, whose numbers of 16 bits are said to have a sign, and have none.
        if Self.isBigDataViewer(dataset), element == .int16 { element = .uint16 }
    }

    init(_ datasets: [HDF5Dataset], sizes: [Int], axes: [Character], element: ElementType, spacing: Spacing?) {
        (self.datasets, self.sizes, self.axes, self.element, self.spacing) = (datasets, sizes, axes, element, spacing)
        part = FilePart(dataset: datasets.first?.path)
    }

    /// The only dataset with three axes of some size; if there is none, with three axes at all, or else with two.
    private static func only(of listing: HDF5Listing) throws(VolumeError) -> HDF5Dataset {
        if let damaged = listing.datasets.first(where: { $0.obstacle == "damaged" }) { try damaged.check() }
        let known = listing.datasets.filter { $0.element != nil && !$0.sizes.contains(0) }
        for (axes, size) in [(3, 16), (3, 2), (2, 2)] {
            let found = known.filter { $0.axes(ofAtLeast: size) >= axes }
            if found.count == 1 { return found[0] }
            guard found.isEmpty else {
                throw .unsupported(
                    "the HDF5 file has several datasets that can be the volume; say which with dataset=, as in "
                        + "dataset=\(found[0].path): \(listing.list)")
            }
        }
        throw .unsupported(
            "the HDF5 file has no dataset with numbers along three axes that its own links lead to; its datasets are "
                + listing.list)
    }

    var channels: Int { datasets.count > 1 ? datasets.count : size("c") }

    var extent: Extent { Extent(z: size("z"), y: size("y"), x: size("x")) }

    private func size(_ axis: Character) -> Int { axes.firstIndex(of: axis).map { sizes[$0] } ?? 1 }

    /// How they lie in a file of their numbers, one dataset after another; sizes are checked before.
    var strides: FileLayout.Strides {
        var known: [Character: Int] = [:]
        var stride = 1
        for (axis, size) in zip(axes, sizes).reversed() {
            known[axis] = stride
            stride *= size
        }
        return FileLayout.Strides(
            channel: datasets.count > 1 ? stride : known["c"] ?? 0, z: known["z"] ?? 0, y: known["y"] ?? 0,
            x: known["x"] ?? 0)
    }

    /// The type in which the library hands the numbers over.
    var storedType: String {
        let isFloat = element.isFloatingPoint
        let kind = isFloat ? "f" : datasets[0].kind == "i" || element.rawValue.hasPrefix("i") ? "i" : "u"
        return "\(kind)\(element.size)"
    }
}
