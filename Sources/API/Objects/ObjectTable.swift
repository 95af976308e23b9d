internal import JSON
internal import Training
internal import Volumes

/// The objects of a class, with what is measured of them, as JSON or CSV.
struct ObjectTable {
    let objects: [LabelObject]
    let header: VolumeHeader
    let model: String
    let label: String

    /// The place of an object on each axis, or where it begins or ends.
    private func triple(_ value: (Axis) -> JSONValue) -> JSONValue {
        .object(JSONObject(Axis.allCases.map { .init(name: $0.rawValue, value: value($0)) }))
    }

    private func volume(_ object: LabelObject) -> Double {
        Double(object.voxels) * header.spacing.z * header.spacing.y * header.spacing.x
    }

    var json: JSONValue {
        [
            "model": .string(model), "class": .string(label), "unit": .optional(header.spacing.unit),
            "objects": .array(
                objects.enumerated().map { number, object in
                    [
                        "id": .integer(number + 1), "voxels": .integer(object.voxels),
                        "volume": .number(volume(object)),
                        "center": triple { .number(object.center($0)) },
                        "position": triple { .number(object.center($0) * header.spacing[$0]) },
                        "from": triple { .integer(object.box.range($0).lowerBound) },
                        "to": triple { .integer(object.box.range($0).upperBound) },
                        "cut": .bool(object.isCut(by: header.extent)),
                    ]
                }),
        ]
    }

    private var head: [String] {
        ["id", "voxels", "volume"]
            + ["center", "position", "from", "to"].flatMap { name in Axis.allCases.map { "\(name)_\($0.rawValue)" } }
            + ["cut", "unit"]
    }

    private var rows: [[String]] {
        objects.enumerated().map { number, object in
            let places: [(Axis) -> String] = [
                { "\(object.center($0))" }, { "\(object.center($0) * header.spacing[$0])" },
                { "\(object.box.range($0).lowerBound)" }, { "\(object.box.range($0).upperBound)" },
            ]
            return ["\(number + 1)", "\(object.voxels)", "\(volume(object))"]
                + places.flatMap { Axis.allCases.map($0) }
                + ["\(object.isCut(by: header.extent))", header.spacing.unit ?? ""]
        }
    }

    var csv: String { CSV.text([head] + rows) }
}
