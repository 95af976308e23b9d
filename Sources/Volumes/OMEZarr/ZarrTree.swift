package import JSON

/// A node in a hierarchy of Zarr, with the documents that describe it.
package enum ZarrTree: Sendable {
    package struct Member: Sendable {
        let name: String
        let node: ZarrTree

        package init(name: String, node: ZarrTree) {
            self.name = name
            self.node = node
        }
    }

    case group(attributes: JSONObject, [Member])
    case array(ZarrArray)

    /// The node at a path below this one; `nil` if there is none.
    package func node(at path: ArraySlice<String>) -> ZarrTree? {
        guard let first = path.first else { return self }
        guard case .group(_, let members) = self else { return nil }
        return members.first { $0.name == first }?.node.node(at: path.dropFirst())
    }

    /// A document of the node by its name; `nil` if it has none of that name.
    package func document(_ name: String, _ version: OMEZarrVersion) -> JSONValue? {
        switch (name, self) {
        case (".zarray", .array(let array)): array.document(version)
        case (".zgroup", .group): ["zarr_format": 2]
        case (".zattrs", .group(let attributes, _)): .object(attributes)
        case (".zmetadata", .group): ["zarr_consolidated_format": 1, "metadata": .object(JSONObject(listing(version)))]
        case ("zarr.json", .array(let array)): array.document(version)
        case ("zarr.json", .group(let attributes, _)):
            [
                "zarr_format": 3, "node_type": "group", "attributes": .object(attributes),
                "consolidated_metadata": [
                    "kind": "inline", "must_understand": false, "metadata": .object(JSONObject(listing(version))),
                ],
            ]
        default: nil
        }
    }

    /// Every document of the node and of those below it by its path, each node's after those of the nodes in it, its own
    /// entrance last: who writes them in this order has no group that seems whole before it is.
    package func files(_ version: OMEZarrVersion, at path: String = "") -> [(path: String, document: JSONValue)] {
        var files: [(path: String, document: JSONValue)] = []
        if case .group(_, let members) = self {
            for member in members { files += member.node.files(version, at: path + member.name + "/") }
        }
        for name in version.documents {
            if let document = document(name, version) { files.append((path + name, document)) }
        }
        return files
    }

    /// What consolidated metadata tell of the group: in format 2 every document of it and below it by its path, in format 3
    /// the document of every node below it.
    private func listing(_ version: OMEZarrVersion, at path: String = "") -> [JSONObject.Member] {
        guard case .group(_, let members) = self else { return [] }
        var list: [JSONObject.Member] = []
        if version == .v04 { list += documents([".zgroup", ".zattrs"], at: path) }
        for member in members {
            let place = path + member.name
            switch (version, member.node) {
            case (.v04, .array): list += member.node.documents([".zarray"], at: place + "/")
            case (.v04, .group): break
            case (.v05, .array(let array)): list.append(.init(name: place, value: array.document(version)))
            case (.v05, .group(let attributes, _)):
                let group: JSONObject = [
                    "zarr_format": 3, "node_type": "group", "attributes": .object(attributes),
                ]
                list.append(.init(name: place, value: .object(group)))
            }
            list += member.node.listing(version, at: place + "/")
        }
        return list
    }

    private func documents(_ names: [String], at path: String) -> [JSONObject.Member] {
        names.compactMap { name in document(name, .v04).map { .init(name: path + name, value: $0) } }
    }
}
