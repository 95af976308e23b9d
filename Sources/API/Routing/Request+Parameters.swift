internal import HTTP
internal import Volumes

/// Reading parameters of the path and the query, refusing what can't be meant.
extension Request {
    /// The axis that the query names.
    func axis() throws(HTTPError) -> Axis {
        guard let text = head.query.text("axis") else {
            throw .invalid("axis is missing; it is z, y or x, as in ?axis=z&index=31", field: "axis")
        }
        guard let axis = Axis(rawValue: text) else {
            throw .invalid("\"\(text.prefix(40))\" is no axis; there are z, y and x", field: "axis")
        }
        return axis
    }

    /// The slice that the path names by `{axis}` and `{index}`; 404 if the volume has none such.
    func slice(of extent: Extent) throws(HTTPError) -> SlicePosition {
        let name = try parameter("axis")
        guard let axis = Axis(rawValue: name) else {
            throw .notFound("there is no axis \"\(name.prefix(40))\"; there are z, y and x")
        }
        let text = try parameter("index")
        guard let index = Int(text) else {
            throw .notFound(SlicePosition.absence("\"\(text.prefix(40))\"", on: axis, from: extent))
        }
        let position = SlicePosition(axis, index)
        if let absence = position.absence(from: extent) { throw .notFound(absence) }
        return position
    }

    /// Whether the client says that it has a representation with this entity tag already, packed or not.
    func has(tag: String) -> Bool {
        let plain = EntityTag(tag)
        let tags = [plain] + (Compression.coding(for: head).map { [Compression.tag(plain, $0)] } ?? [])
        return tags.contains { head.knownTags.contains($0) }
    }
}
