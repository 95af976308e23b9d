internal import HTTP
internal import Store

/// The image that a client has seen: what it has drawn on that one is not for another that has taken its place.
struct SeenImage: Sendable {
    static let parameter = Endpoint.QueryParameter.text(
        "if-image", "Only if the volume still has this image: its version or its sha256")

    private static let parameterName = "if-image"
    /// Digits of a version and of a SHA-256.
    private static let lengths: Set = [32, 64]
    /// In lower case.
    private let name: String

    /// `nil` if the client does not say which.
    init?(_ request: Request) throws(HTTPError) {
        guard let text = request.query.text(Self.parameterName)?.lowercased() else { return nil }
        guard Self.lengths.contains(text.utf8.count), text.allSatisfy({ $0.isHexDigit && $0.isASCII }) else {
            throw .invalid(
                "if-image is \"\(text.prefix(70))\"; it is the version or the sha256 that the volume tells of itself, 32 "
                    + "or 64 hexadecimal digits", field: Self.parameterName)
        }
        name = text
    }

    /// Throws a conflict if the volume has another image.
    @Sendable func check(_ volume: VolumeRecord) throws {
        let version = BrickContent.image(volume).version
        guard name != version, name != volume.sha256 else { return }
        throw HTTPError.conflict(
            "the volume \(volume.name) has another image now (version \(version), SHA-256 \(volume.sha256.prefix(12))…) than "
                + "the one that if-image names; look at it, and send what is meant for it without if-image, or with its "
                + "version", field: Self.parameterName)
    }
}
