internal import JSON

/// An image of OME-Zarr in several resolutions: what `multiscales` in the attributes of its group says.
///
/// See https://ngff.openmicroscopy.org/0.5 and 0.4; before 0.4 axes had no types, before 0.3 they were t, c, z, y, x.
struct OMEMultiscale {
    struct OMEAxis {
        /// t, c, z, y or x; `?` where the name says nothing.
        let name: Character
        let unit: String?
    }

    struct Level {
        /// The path of its array.
        let path: String
        /// Distances along each axis; `nil` if they are not given as plain lengths.
        let scale: [Double]?
    }

    /// The path of its group.
    let path: String
    let axes: [OMEAxis]
    /// The finest first.
    let levels: [Level]
    /// How many images the group has.
    let count: Int
    /// The names of the values, if it is labels and has them.
    let segments: [LabelSegment]
    /// Whether it says that it is labels.
    let isLabels: Bool
    /// What `omero` says of the channels.
    let looks: [ChannelLook]

    /// `nil` for attributes of a group that is no image.
    init?(_ attributes: JSONValue, at path: String) throws(VolumeError) {
        guard let all = attributes["multiscales"].list, let first = all.first else { return nil }
        self.path = path
        count = all.count
        let axes = first["axes"].list?.map(Self.axis)
        self.axes = axes ?? "tczyx".map { OMEAxis(name: $0, unit: nil) }
        let common = try Self.scale(first["coordinateTransformations"], path)
        var levels: [Level] = []
        for dataset in first["datasets"].list ?? [] {
            let own = try Self.scale(dataset["coordinateTransformations"], path)
            levels.append(
                Level(path: try ZarrPath.joined(path, dataset["path"].word ?? ""), scale: Self.product(own, common)))
        }
        guard !levels.isEmpty else { throw Self.wrong(path, "its multiscales have no datasets") }
        self.levels = levels
        let label = attributes["image-label"]
        isLabels = label.isObject
        segments = Self.segments(label["properties"].list ?? [])
        looks = (attributes["omero"]["channels"].list ?? []).map { channel in
            ChannelLook(name: channel["label"].word, color: channel["color"].word.flatMap(Self.color))
        }
    }

    /// Six hexadecimal digits, to which some add a # or an opacity.
    private static func color(_ text: String) -> Color? {
        let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
        return [6, 8].contains(digits.utf8.count) ? Color(hex: "#" + digits.prefix(6)) : nil
    }

    private static func wrong(_ path: String, _ detail: String) -> VolumeError {
        .malformed("the image \(ZarrPath.shown(path)) of the OME-Zarr: \(detail)")
    }

    /// By its type if it has one, as names are free.
    private static func axis(_ value: JSONValue) -> OMEAxis {
        let name = (value.word ?? value["name"].word ?? "").lowercased()
        let letter: Character? =
            switch value["type"].word {
            case "time": "t"
            case "channel": "c"
            default: name.count == 1 ? name.first.flatMap { "tczyx".contains($0) ? $0 : nil } : nil
            }
        return OMEAxis(name: letter ?? "?", unit: value["unit"].word)
    }

    /// The lengths that transformations stand for, translations aside; `nil` without any.
    private static func scale(_ value: JSONValue, _ path: String) throws(VolumeError) -> [Double]? {
        var scale: [Double]?
        for transformation in value.list ?? [] {
            switch transformation["type"].word {
            case "identity", "translation": continue
            case "scale":
                guard let lengths = transformation["scale"].list?.map({ $0.numeric ?? .nan }), lengths.count <= 16
                else {
                    throw wrong(path, "a scale is no list of numbers")
                }
                scale = product(lengths, scale)
            default:
                throw wrong(path, "a transformation is \(transformation["type"].kind); scale and translation are known")
            }
        }
        return scale
    }

    private static func product(_ one: [Double]?, _ other: [Double]?) -> [Double]? {
        guard let one, let other else { return one ?? other }
        guard one.count == other.count else { return one.map { _ in .nan } }
        return zip(one, other).map { $0 * $1 }
    }

    /// Values with names; none if two have the same value, or one has no name.
    private static func segments(_ properties: [JSONValue]) -> [LabelSegment] {
        let known = properties.compactMap { property -> LabelSegment? in
            guard let name = property["name"].word, let value = property["label-value"].numeric,
                let number = Int64(exactly: value)
            else { return nil }
            return LabelSegment(name: name, value: number)
        }
        return known.count == properties.count && Set(known.map(\.value)).count == known.count ? known : []
    }
}

extension OMEMultiscale {
    /// The distances of a level's voxels; `nil` if the file does not say them.
    ///
    /// `names` are those of its axes.
    func spacing(of level: Level, _ names: [Character]) throws(VolumeError) -> Spacing? {
        guard let scale = level.scale else { return nil }
        guard scale.count == names.count else {
            throw Self.wrong(path, "a scale has \(scale.count) lengths for \(names.count) axes")
        }
        var spacing = Spacing()
        let units = Axis.allCases.compactMap { axis in place(of: axis, names).flatMap { axes[$0].unit } }
        spacing.unit = units.last.flatMap(Spacing.unitName)
        for axis in Axis.allCases {
            guard let place = place(of: axis, names) else { continue }
            spacing[axis] = scale[place]
            guard let unit = axes[place].unit, let own = Spacing.unitName(unit), let wanted = spacing.unit,
                own != wanted
            else { continue }
            guard let from = LengthUnit(named: own), let to = LengthUnit(named: wanted) else {
                throw Self.wrong(path, "its axes have the units \(own) and \(wanted); say spacing= and unit=")
            }
            spacing[axis] = scale[place] * from.count(in: to)
        }
        return spacing
    }

    private func place(of axis: Axis, _ names: [Character]) -> Int? {
        names.firstIndex(of: Character(axis.rawValue)).flatMap { axes.indices.contains($0) ? $0 : nil }
    }
}
