package import JSON

/// What OME-Zarr tells of an image or of labels: https://ngff.openmicroscopy.org/0.4 and 0.5.
package struct OMEImage: Sendable {
    package let name: String
    /// Whether its values are classes: class + 1, since viewers draw nothing where the value is 0.
    package let isLabels: Bool
    /// The levels that are there, from the volume itself on.
    package let levels: [Pyramid.Level]
    /// How its channels are shown, or its classes in order; empty for labels that are numbers of objects.
    package let legend: [OMEChannel]
    /// The path from labels to the image that they belong to, if it is there.
    package let source: String?

    package init(
        name: String, isLabels: Bool, levels: [Pyramid.Level], legend: [OMEChannel], source: String? = nil
    ) {
        self.name = name
        self.isLabels = isLabels
        self.levels = levels
        self.legend = legend
        self.source = source
    }

    /// The names of the axes, the slowest first; labels have no channels.
    package var axes: [String] { (isLabels ? [] : ["c"]) + ["z", "y", "x"] }

    /// The array of a level in chunks of a size, several of them in a file if `shard` is given; axis c has chunks of one.
    package func array(
        of level: Pyramid.Level, chunk: Extent, shard: Extent? = nil, element: ElementType, fill: UInt8 = 0
    ) -> ZarrArray {
        let sizes = { (extent: Extent) in [extent.z, extent.y, extent.x] }
        let one = isLabels ? [] : [1]
        return ZarrArray(
            axes: axes, shape: (isLabels ? [] : [legend.count]) + sizes(level.extent), chunk: one + sizes(chunk),
            element: element, fill: fill, shard: shard.map { one + sizes($0) })
    }

    /// The attributes of its group.
    package func attributes(_ version: OMEZarrVersion) -> JSONObject {
        var members: JSONObject = ["multiscales": [multiscale(version)]]
        if isLabels {
            members["image-label"] = label(version)
        } else {
            members["omero"] = .object(
                JSONObject(version.mark.members + [.init(name: "channels", value: .array(legend.map(\.omero)))]))
        }
        return members
    }

    private func multiscale(_ version: OMEZarrVersion) -> JSONValue {
        let unit = levels.first?.spacing.knownUnit
        let axes = axes.map { axis -> JSONValue in
            // Units that are no lengths of the standard are left out: some viewers refuse to open the image.
            var members: JSONObject = ["name": .string(axis), "type": axis == "c" ? "channel" : "space"]
            if axis != "c", let unit { members["unit"] = .string(unit) }
            return .object(members)
        }
        let members: JSONObject = [
            "name": .string(name), "axes": .array(axes),
            "datasets": .array(levels.enumerated().map { dataset($0, $1) }), "type": isLabels ? "first" : "mean",
        ]
        return .object(JSONObject(version.mark.members + members.members))
    }

    /// A level: the distances of its voxels, and where the centre of its first voxel is from that of the volume's.
    private func dataset(_ number: Int, _ level: Pyramid.Level) -> JSONValue {
        let (channels, axes): ([Double], [Axis]) = (isLabels ? [] : [1], [.z, .y, .x])
        let scale = channels + axes.map { level.spacing[$0] }
        let offsets = axes.map { level.spacing[$0] * Double(level.factor[$0] - 1) / Double(2 * level.factor[$0]) }
        let translation = channels.map { _ in 0.0 } + offsets
        return [
            "path": .string("\(number)"),
            "coordinateTransformations": [
                ["type": "scale", "scale": .array(scale.map { .number($0) })],
                ["type": "translation", "translation": .array(translation.map { .number($0) })],
            ],
        ]
    }

    private func label(_ version: OMEZarrVersion) -> JSONValue {
        let colors = legend.enumerated().map { value, one -> JSONValue in
            let color = Color(hex: one.color) ?? .white
            let components = [color.red, color.green, color.blue, 255].map { JSONValue.integer(Int($0)) }
            return ["label-value": .integer(value + 1), "rgba": .array(components)]
        }
        let properties = legend.enumerated().map { value, one -> JSONValue in
            ["label-value": .integer(value + 1), "name": .string(one.name)]
        }
        // Lists that are empty are not valid.
        var members: JSONObject =
            legend.isEmpty ? [:] : ["colors": .array(colors), "properties": .array(properties)]
        if let source { members["source"] = ["image": .string(source)] }
        return .object(JSONObject(version.mark.members + members.members))
    }
}
