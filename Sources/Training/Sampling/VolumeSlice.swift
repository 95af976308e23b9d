internal import JSON
package import Volumes

/// A slice of a named volume; as JSON `{"volume","axis","index"}`.
package struct VolumeSlice: Codable, Hashable, Sendable {
    package var volume: String
    package var position: SlicePosition

    package init(volume: String, at position: SlicePosition) {
        self.volume = volume
        self.position = position
    }

    package var axis: Axis { position.axis }
    package var index: Int { position.index }

    /// Every slice on every axis of a volume.
    package static func all(of volume: String, extent: Extent) -> [VolumeSlice] {
        Axis.allCases.flatMap { axis in
            (0..<extent[axis]).map { VolumeSlice(volume: volume, at: SlicePosition(axis, $0)) }
        }
    }
}

extension VolumeSlice {
    private enum CodingKeys: String, CodingKey { case volume }

    package init(from decoder: any Decoder) throws {
        volume = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .volume)
        position = try SlicePosition(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try position.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(volume, forKey: .volume)
    }

    /// A slice of a request.
    static let schema = JSONSchema.record(
        JSONRecord<VolumeSlice>(
            "VolumeSlice", "A slice of a volume.",
            [
                JSONField("volume", \.volume, .string, isRequired: true, "The volume's name"),
                JSONField("axis", \.position.axis, .choice, isRequired: true, "The slice's normal"),
                JSONField(
                    "index", \.position.index, .integer(in: 0...Int(Int32.max)), isRequired: true,
                    "The slice's place on the axis, from 0"),
            ]), over: VolumeSlice(volume: "", at: SlicePosition(.z, 0)))
}

extension [VolumeSlice] {
    /// Chooses `count` slices on each axis, evenly spaced: those in the middles of as many equal parts.
    ///
    /// An axis with fewer slices gets all of them. The slices must be of one volume.
    package func evenlySpaced(_ count: Int) -> [VolumeSlice] {
        Axis.allCases.flatMap { axis in
            let available = filter { $0.axis == axis }.sorted { $0.index < $1.index }
            let chosen = Swift.min(count, available.count)
            return (0..<chosen).map { available[(2 * $0 + 1) * available.count / (2 * chosen)] }
        }
    }

    /// The indices of a volume's slices on an axis.
    func indices(of volume: String, on axis: Axis) -> Set<Int> {
        Set(lazy.filter { $0.volume == volume && $0.axis == axis }.map(\.index))
    }

    /// The positions of a volume's slices.
    package func positions(in volume: String) -> Set<SlicePosition> {
        Set(lazy.filter { $0.volume == volume }.map(\.position))
    }
}
