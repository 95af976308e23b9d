internal import JSON

/// A node in a hierarchy of Zarr.
enum ZarrNode {
    case group(attributes: JSONValue)
    case array(ZarrArrayHeader)

    /// The attributes of a group that are OME-Zarr's, in format 3 below a name of their own.
    var attributes: JSONValue {
        guard case .group(let attributes) = self else { return .null }
        return attributes["ome"].isObject ? attributes["ome"] : attributes
    }
}

extension ZarrStore {
    /// The node at a path; `nil` if there is none.
    func node(at path: String) throws(VolumeError) -> ZarrNode? {
        if let text = try document(.node, at: path) {
            guard text.json["zarr_format"].numeric == 3 else { throw text.wrong("its zarr_format is not 3") }
            switch text.json["node_type"].word {
            case "array": return .array(try ZarrArrayHeader(format3: text, at: path))
            case "group": return .group(attributes: text.json["attributes"])
            default: throw text.wrong("its node_type is \(text.json["node_type"].kind); group or array is expected")
            }
        }
        if let text = try document(.array, at: path) { return .array(try ZarrArrayHeader(format2: text, at: path)) }
        let attributes = try document(.attributes, at: path)
        let group = try document(.group, at: path)
        guard attributes != nil || group != nil else { return nil }
        return .group(attributes: attributes?.json ?? .null)
    }
}
