internal import JSON

/// A version of OME-Zarr that volumes are served in.
enum OMEZarrVersion: String, CaseIterable, Sendable {
    /// On Zarr's format 2.
    case v04 = "0.4"
    /// On Zarr's format 3.
    case v05 = "0.5"

    /// The segment of paths below which the volume is.
    var folder: String {
        switch self {
        case .v04: "ome.zarr"
        case .v05: "ome.zarr3"
        }
    }

    /// The names of the documents that groups and arrays have.
    var documents: Set<String> {
        switch self {
        case .v04: [".zgroup", ".zattrs", ".zarray", ".zmetadata"]
        case .v05: ["zarr.json"]
        }
    }

    /// The document that is read first.
    var entrance: String {
        switch self {
        case .v04: ".zattrs"
        case .v05: "zarr.json"
        }
    }

    /// What stands between an array's path and the places of a chunk.
    var chunkPrefix: [String] {
        switch self {
        case .v04: []
        case .v05: ["c"]
        }
    }

    /// The attributes of a group of OME-Zarr.
    func attributes(_ members: JSONObject) -> JSONObject {
        switch self {
        case .v04: return members
        case .v05:
            let version = JSONObject([.init(name: "version", value: .string(rawValue))])
            return ["ome": .object(JSONObject(version.members + members.members))]
        }
    }

    /// The version, where a part of the attributes names it.
    var mark: JSONObject {
        switch self {
        case .v04: ["version": .string(rawValue)]
        case .v05: [:]
        }
    }
}
