internal import Volumes

/// What a path within an OME-Zarr names.
enum ZarrKey: Hashable, Sendable {
    /// A document of the group or array at a path.
    case document(path: [String], name: String)
    /// A chunk of a level; its place along each axis, counted in chunks.
    case chunk(of: ZarrPlace, level: Int, place: [Int])
    /// Such a chunk of the objects of a class.
    case objects(of: String, level: Int, place: [Int])

    /// `nil` for what no OME-Zarr of this kind has.
    init?(_ text: String, _ version: OMEZarrVersion) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if let name = parts.last, version.documents.contains(name) {
            self = .document(path: Array(parts.dropLast()), name: name)
            return
        }
        if parts.starts(with: ZarrObjects.path), parts.count > ZarrObjects.path.count {
            let (name, rest) = (parts[ZarrObjects.path.count], parts.dropFirst(ZarrObjects.path.count + 1))
            guard let (level, place) = Self.chunk(rest, axes: 3, version) else { return nil }
            self = .objects(of: name, level: level, place: place)
            return
        }
        // The image last, whose path all others begin with.
        let places = ZarrPlace.allCases.filter { parts.starts(with: $0.path) }
        guard let place = places.max(by: { $0.path.count < $1.path.count }) else { return nil }
        let rest = parts.dropFirst(place.path.count)
        guard let (level, indices) = Self.chunk(rest, axes: place.isLabels ? 3 : 4, version) else { return nil }
        self = .chunk(of: place, level: level, place: indices)
    }

    /// The level and the place of a chunk, by what follows the path of its group.
    private static func chunk(
        _ rest: ArraySlice<String>, axes: Int, _ version: OMEZarrVersion
    ) -> (level: Int, place: [Int])? {
        guard let level = rest.first.flatMap(number), rest.dropFirst().starts(with: version.chunkPrefix) else {
            return nil
        }
        let numbers = rest.dropFirst(1 + version.chunkPrefix.count)
        let indices = numbers.compactMap(number)
        return indices.count == numbers.count && indices.count == axes ? (level, indices) : nil
    }

    /// A number as keys have it, without signs and zeros in front.
    private static func number(_ text: String) -> Int? {
        Int(text).flatMap { $0 >= 0 && String($0) == text ? $0 : nil }
    }
}
