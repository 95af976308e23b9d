internal import Store
internal import Volumes

/// An annotated slice and the revision to learn from; as JSON `{"axis","index","revision"}`.
struct AnnotatedRevision: Hashable, Sendable {
    var position: SlicePosition
    var revision: Int64
}

extension AnnotatedRevision: Codable {
    private enum CodingKeys: String, CodingKey { case revision }

    init(from decoder: any Decoder) throws {
        revision = try decoder.container(keyedBy: CodingKeys.self).decode(Int64.self, forKey: .revision)
        position = try SlicePosition(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
        try position.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(revision, forKey: .revision)
    }
}
