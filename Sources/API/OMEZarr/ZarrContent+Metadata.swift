internal import JSON
internal import Volumes

/// What OME-Zarr tells of images and labels: https://ngff.openmicroscopy.org/0.4 and 0.5.
extension ZarrContent {
    /// The attributes of its group.
    func attributes(_ version: OMEZarrVersion, name: String) -> JSONObject {
        var members: JSONObject = ["multiscales": [multiscale(version, name: name)]]
        if place.isLabels {
            members["image-label"] = label(version)
        } else {
            members["omero"] = .object(
                JSONObject(version.mark.members + [.init(name: "channels", value: .array(legend.map(\.omero)))]))
        }
        return members
    }

    private func multiscale(_ version: OMEZarrVersion, name: String) -> JSONValue {
        let unit = levels.first?.spacing.knownUnit
        let axes = axes.map { axis -> JSONValue in
            // Units that are no lengths of the standard are left out: some viewers refuse to open the image.
            var members: JSONObject = ["name": .string(axis), "type": axis == "c" ? "channel" : "space"]
            if axis != "c", let unit { members["unit"] = .string(unit) }
            return .object(members)
        }
        let members: JSONObject = [
            "name": .string(name), "axes": .array(axes),
            "datasets": .array(levels.enumerated().map { dataset($0, $1) }), "type": place.isLabels ? "first" : "mean",
        ]
        return .object(JSONObject(version.mark.members + members.members))
    }

    /// A level: the distances of its voxels, and where the centre of its first voxel is from that of the volume's.
    private func dataset(_ number: Int, _ level: Pyramid.Level) -> JSONValue {
        let (channels, axes): ([Double], [Axis]) = (place.isLabels ? [] : [1], [.z, .y, .x])
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

    /// Values are class + 1, since viewers draw nothing where the value is 0.
    private func label(_ version: OMEZarrVersion) -> JSONValue {
        let colors = legend.enumerated().map { value, one -> JSONValue in
            let color = Color(hex: one.color) ?? .white
            let components = [color.red, color.green, color.blue, 255].map { JSONValue.integer(Int($0)) }
            return ["label-value": .integer(value + 1), "rgba": .array(components)]
        }
        let properties = legend.enumerated().map { value, one -> JSONValue in
            ["label-value": .integer(value + 1), "name": .string(one.name)]
        }
        let members: JSONObject = [
            "colors": .array(colors), "properties": .array(properties), "source": ["image": "../../"],
        ]
        return .object(JSONObject(version.mark.members + members.members))
    }
}
