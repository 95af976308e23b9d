internal import JSON
internal import Store
internal import Volumes

extension JSONValue {
    /// `ready` is how many levels are there, the volume itself included.
    init(_ volume: VolumeRecord, ready: Int) {
        let header = volume.header
        var object: JSONObject = [
            "name": .string(volume.name),
            "shape": [
                "c": .integer(header.channels), "z": .integer(header.extent.z), "y": .integer(header.extent.y),
                "x": .integer(header.extent.x),
            ],
            "dtype": .string(header.element.rawValue),
            "spacing": JSONValue(header.spacing),
            "levels": .levels(Pyramid(of: header).levels, ready: ready),
            "sha256": .string(volume.sha256),
            "bytes": .integer(volume.bytes),
            "truth": .bool(volume.truth != nil),
            "channels": .array(volume.statistics.map { JSONValue($0) }),
            "warnings": .array(volume.statistics.warnings(about: header).map { .string($0) }),
            "created": .time(volume.created),
        ]
        if let spacing = header.spacingInFile { object["spacing_in_file"] = JSONValue(spacing) }
        self = .object(object)
    }

    init(_ spacing: Spacing) {
        var object = JSONObject(Axis.allCases.map { .init(name: $0.rawValue, value: .number(spacing[$0])) })
        object["unit"] = .optional(spacing.unit)
        self = .object(object)
    }

    private init(_ statistics: ChannelStatistics) {
        self = [
            "mean": .number(statistics.mean), "deviation": .number(statistics.deviation),
            "minimum": .number(statistics.minimum), "maximum": .number(statistics.maximum),
            "low": .number(statistics.low), "high": .number(statistics.high),
            "non_finite": .optional(statistics.nonFinite),
            "set_aside": .optional(statistics.typical?.setAside),
        ]
    }
}
