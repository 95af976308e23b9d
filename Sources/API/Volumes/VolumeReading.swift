internal import JSON
internal import Store
internal import Volumes

/// What an upload was understood as, of which nothing is stored.
struct VolumeReading: Sendable {
    /// The word for the file's format.
    let format: String
    let header: VolumeHeader
    /// Statistics of each channel.
    let statistics: [ChannelStatistics]
    /// The SHA-256 of the file, in lower-case hexadecimal digits.
    let sha256: String
    /// The size of the file.
    let bytes: Int

    /// As the volume would be described if the file were stored as `name`, where `known` is now.
    ///
    /// `change` is what storing it would do.
    func json(_ name: String, _ change: VolumeChange, known: VolumeRecord?) -> JSONValue {
        var object = JSONObject.image(name, header, statistics, sha256: sha256, bytes: bytes)
        object["format"] = .string(format)
        object["change"] = .string(change.rawValue)
        object["levels"] = .levels(Pyramid(of: header).levels, ready: 0)
        object["truth"] = .bool(known?.truth != nil)
        object["version"] = .null
        object["created"] = .null
        return .object(object)
    }
}
