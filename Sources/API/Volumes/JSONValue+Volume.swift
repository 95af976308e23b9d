internal import JSON
internal import Store
internal import Volumes

extension JSONValue {
    /// `ready` is how many levels are there, the volume itself included.
    init(_ volume: VolumeRecord, ready: Int) {
        var object = JSONObject.image(
            volume.name, volume.header, volume.statistics, sha256: volume.sha256, bytes: volume.bytes)
        object["levels"] = .levels(Pyramid(of: volume.header).levels, ready: ready)
        object["truth"] = .bool(volume.truth != nil)
        object["version"] = .string(BrickContent.image(volume).version)
        object["created"] = .time(volume.created)
        self = .object(object)
    }

    init(_ spacing: Spacing) {
        var object = JSONObject(Axis.allCases.map { .init(name: $0.rawValue, value: .number(spacing[$0])) })
        object["unit"] = .optional(spacing.unit)
        self = .object(object)
    }

    /// `look` is what the file says of the channel.
    fileprivate init(_ statistics: ChannelStatistics, _ look: ChannelLook?) {
        var object: JSONObject = [
            "mean": .number(statistics.mean), "deviation": .number(statistics.deviation),
            "minimum": .number(statistics.minimum), "maximum": .number(statistics.maximum),
            "low": .number(statistics.low), "high": .number(statistics.high),
            "non_finite": .optional(statistics.nonFinite),
            "set_aside": .optional(statistics.typical?.setAside),
        ]
        if let name = look?.name { object["name"] = .string(name) }
        if let color = look?.color { object["color"] = .string(color.hex) }
        self = .object(object)
    }
}

extension JSONObject {
    /// What an image is, stored or not.
    static func image(
        _ name: String, _ header: VolumeHeader, _ statistics: [ChannelStatistics], sha256: String, bytes: Int
    ) -> JSONObject {
        var object: JSONObject = [
            "name": .string(name),
            "shape": [
                "c": .integer(header.channels), "z": .integer(header.extent.z), "y": .integer(header.extent.y),
                "x": .integer(header.extent.x),
            ],
            "dtype": .string(header.element.rawValue),
            "spacing": JSONValue(header.spacing),
            "sha256": .string(sha256),
            "bytes": .integer(bytes),
            "channels": .array(
                statistics.enumerated().map { index, statistics in
                    JSONValue(statistics, header.looks.flatMap { $0.indices.contains(index) ? $0[index] : nil })
                }),
            "warnings": .array(
                ((header.part?.remarks ?? []) + statistics.warnings(about: header)).map { .string($0) }),
        ]
        if let dataset = header.part?.dataset { object["dataset"] = .string(dataset) }
        if let axes = header.axes { object["axes"] = .string(axes) }
        if let level = header.part?.level { object["level"] = .integer(level) }
        if let time = header.part?.time { object["time"] = .integer(time) }
        if let spacing = header.spacingInFile { object["spacing_in_file"] = JSONValue(spacing) }
        return object
    }
}
