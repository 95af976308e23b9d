package import JSON

/// A version of OME-Zarr that volumes are written in.
package enum OMEZarrVersion: String, CaseIterable, Codable, Sendable {
    /// On Zarr's format 2.
    case v04 = "0.4"
    /// On Zarr's format 3.
    case v05 = "0.5"

    /// The names of the documents that groups and arrays have; the one that is read first is the last.
    package var documents: [String] {
        switch self {
        case .v04: [".zmetadata", ".zarray", ".zgroup", ".zattrs"]
        case .v05: ["zarr.json"]
        }
    }

    /// What stands between an array's path and the places of a chunk.
    package var chunkPrefix: [String] {
        switch self {
        case .v04: []
        case .v05: ["c"]
        }
    }

    /// The attributes of a group of OME-Zarr.
    package func attributes(_ members: JSONObject) -> JSONObject {
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
