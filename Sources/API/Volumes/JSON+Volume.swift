internal import Store
internal import Volumes

extension JSON {
    init(_ volume: VolumeRecord) {
        let header = volume.header
        var spacing: [Member] = Axis.allCases.map {
            Member(name: $0.rawValue, value: .number(header.spacing[$0]))
        }
        spacing.append(Member(name: "unit", value: .optional(header.spacing.unit)))
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
            "truth": .boolean(volume.truth != nil),
            "channels": .array(volume.statistics.map { JSON($0) }),
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
