internal import Foundation

/// The names of an HDF5 dataset's axes: c, z, y, x, or `-` for one of a single voxel that is left out.
struct HDF5Axes {
    private(set) var names: [Character]
    /// From the axis tags of vigra and ilastik, if they have lengths.
    private(set) var spacing: Spacing?

    private let dataset: HDF5Dataset

    /// By the sender's hint, the axis tags of vigra and ilastik, the labels of HDF5's dimension scales, or the number of axes.
    init(of dataset: HDF5Dataset, _ listing: HDF5Listing, hint: String?) throws(VolumeError) {
        self.dataset = dataset
        names = []
        let tags = listing.attribute("axistags", of: dataset.path)?.text.flatMap { AxisTags($0) }
        let labels = listing.attribute("DIMENSION_LABELS", of: dataset.path)?.text.map { labels in
            labels.split(whereSeparator: \.isNewline).map { $0.lowercased() }
        }
        if let hint {
            names = try hinted(hint)
        } else if let tags {
            names = try named(tags.names, by: "axistags")
            spacing = tags.spacing
        } else if let labels, labels.count == dataset.sizes.count, labels.allSatisfy({ $0.count == 1 }) {
            names = try named(labels.compactMap(\.first), by: "DIMENSION_LABELS")
        } else {
            names = try counted(isMATLAB: listing.attribute("MATLAB_class", of: dataset.path) != nil)
        }
        try check()
    }

    private func named(_ names: [Character], by attribute: String) throws(VolumeError) -> [Character] {
        guard names.count == dataset.sizes.count else {
            throw .unsupported(
                "\(attribute) of the HDF5 dataset \(dataset.path) names \(names.count) axes; it has "
                    + "\(dataset.sizesText): name them with axes=")
        }
        return names
    }

    /// A hint names all axes, or all of more than a single voxel.
    private func hinted(_ hint: String) throws(VolumeError) -> [Character] {
        let letters = Array(hint.lowercased())
        guard Set(letters).count == letters.count, letters.allSatisfy({ "tczyx".contains($0) }) else {
            throw .unsupported("axes=\(hint.prefix(20)) must name each axis once, with letters of t, c, z, y and x")
        }
        if letters.count == dataset.sizes.count { return letters }
        guard letters.count == dataset.axes(ofAtLeast: 2) else {
            throw .unsupported(
                "axes=\(hint) names \(letters.count) axes; the HDF5 dataset \(dataset.path) has \(dataset.sizesText)")
        }
        var rest = letters[...]
        return dataset.sizes.map { $0 == 1 ? "-" : rest.popFirst() ?? "-" }
    }

    /// Without names: z, y, x, and channels in front if there are few; MATLAB turns its arrays of rows, columns, planes.
    private func counted(isMATLAB: Bool) throws(VolumeError) -> [Character] {
        let sizes = dataset.sizes
        let large = sizes.indices.filter { sizes[$0] > 1 }
        var shown = sizes.count < 4 ? Array(sizes.indices) : large
        // A plane has two axes.
        if shown.count < 2 { shown = Array(sizes.indices.suffix(2)) }
        let letters: [Character]
        switch shown.count {
        case 2: letters = Array(isMATLAB ? "xy" : "yx")
        case 3:
            // Or else it is a picture in colours.
            let isSpace = !(2...4).contains(sizes[shown[2]]) || shown.prefix(2).contains { sizes[$0] < 16 }
            guard isMATLAB || isSpace else { throw unnamed("yxc") }
            letters = Array(isMATLAB ? "zxy" : "zyx")
        case 4:
            let channels = sizes[shown[0]]
            guard !isMATLAB, channels <= 16, shown.dropFirst().allSatisfy({ sizes[$0] > channels }) else {
                throw unnamed(isMATLAB ? "czxy" : "zyxc")
            }
            letters = Array("czyx")
        default: throw unnamed("tczyx")
        }
        return sizes.indices.map { index in shown.firstIndex(of: index).map { letters[$0] } ?? "-" }
    }

    private func unnamed(_ example: String) -> VolumeError {
        .unsupported(
            "the HDF5 dataset \(dataset.path) has \(dataset.sizesText) and doesn't say which axis is which; name them in "
                + "this order with axes=, as in axes=\(example)")
    }

    /// Time points of one channel become channels; axes that have no place in a volume must have a single voxel.
    private mutating func check() throws(VolumeError) {
        let sizes = dataset.sizes
        if let time = names.firstIndex(of: "t"), sizes[time] > 1 {
            if let channel = names.firstIndex(of: "c") {
                guard sizes[channel] == 1 else {
                    throw .unsupported(
                        "the HDF5 dataset \(dataset.path) has \(sizes[time]) time points of \(sizes[channel]) channels; "
                            + "send one time point at a time")
                }
                names[channel] = "-"
            }
            names[time] = "c"
        }
        for index in names.indices where !"czyx".contains(names[index]) {
            guard sizes[index] == 1 else {
                throw .unsupported(
                    "the HDF5 dataset \(dataset.path) has an axis \"\(names[index])\" of \(sizes[index]); c, z, y and x "
                        + "are supported: name them with axes=")
            }
            names[index] = "-"
        }
        let known = names.filter { $0 != "-" }
        guard Set(known).count == known.count, known.contains("y"), known.contains("x") else {
            throw .unsupported(
                "the axes of the HDF5 dataset \(dataset.path) are named \(String(names)); y and x must be among them, "
                    + "each once: name them with axes=")
        }
    }
}

/// vigra's description of axes, which ilastik writes too: JSON, with a letter and a resolution for each.
private struct AxisTags: Decodable {
    private struct Tag: Decodable {
        var key: String
        var resolution: Double?
    }

    private var axes: [Tag]

    /// `nil` if the text is no such description.
    init?(_ text: String) {
        guard let tags = try? JSONDecoder().decode(AxisTags.self, from: Data(text.utf8)) else { return nil }
        self = tags
    }

    var names: [Character] { axes.map { $0.key.count == 1 ? $0.key.lowercased().first ?? "?" : "?" } }

    /// A resolution of 0 is none.
    var spacing: Spacing? {
        let lengths = "zyx".map { name in axes.first { $0.key == String(name) }?.resolution ?? 0 }
        guard lengths.allSatisfy({ $0.isFinite && $0 > 0 }) else { return nil }
        return Spacing(z: lengths[0], y: lengths[1], x: lengths[2])
    }
}
