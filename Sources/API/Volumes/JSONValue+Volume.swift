internal import JSON
internal import Store
internal import Volumes

extension JSONValue {
    init(_ volume: VolumeRecord) {
        let header = volume.header
        var spacing = JSONObject(
            Axis.allCases.map { .init(name: $0.rawValue, value: .number(header.spacing[$0])) })
        spacing["unit"] = .optional(header.spacing.unit)
        self = [
            "name": .string(volume.name),
            "shape": [
                "c": .integer(header.channels), "z": .integer(header.extent.z), "y": .integer(header.extent.y),
                "x": .integer(header.extent.x),
            ],
            "dtype": .string(header.element.rawValue),
            "spacing": .object(spacing),
            "sha256": .string(volume.sha256),
            "bytes": .integer(volume.bytes),
            "truth": .bool(volume.truth != nil),
            "channels": .array(volume.statistics.map { JSONValue($0) }),
            "created": .time(volume.created),
        ]
    }

    private init(_ statistics: ChannelStatistics) {
        self = [
            "mean": .number(statistics.mean), "deviation": .number(statistics.deviation),
            "minimum": .number(statistics.minimum), "maximum": .number(statistics.maximum),
            "low": .number(statistics.low), "high": .number(statistics.high),
        ]
    }
}
