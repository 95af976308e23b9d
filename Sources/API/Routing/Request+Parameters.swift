internal import HTTP
internal import Volumes

/// Reads parameters of the path and the query, and refuses invalid ones.
extension Request {
    /// The axis in the query.
    func axis() throws(HTTPError) -> Axis {
        guard let text = head.query.text("axis") else {
            throw .invalid("axis is missing; it is z, y or x, as in ?axis=z&index=31", field: "axis")
        }
        guard let axis = Axis(rawValue: text) else {
            throw .invalid("\"\(text.prefix(40))\" is not an axis; the axes are z, y and x", field: "axis")
        }
        return axis
    }

    /// The slice that the path names by `{axis}` and `{index}`; throws 404 if the volume doesn't have it.
    func slice(of extent: Extent) throws(HTTPError) -> SlicePosition {
        let name = try parameter("axis")
        guard let axis = Axis(rawValue: name) else {
            throw .notFound("there is no axis \"\(name.prefix(40))\"; the axes are z, y and x")
        }
        let text = try parameter("index")
        guard let index = Int(text) else {
            throw .notFound(SlicePosition.absence("\"\(text.prefix(40))\"", on: axis, from: extent))
        }
        let position = SlicePosition(axis, index)
        if let absence = position.absence(from: extent) { throw .notFound(absence) }
        return position
    }

    /// Whether the client already has a representation with this entity tag, compressed or not.
    func has(tag: String) -> Bool {
        let plain = EntityTag(tag)
        let tags = [plain] + (Compression.coding(for: head).map { [Compression.tag(plain, $0)] } ?? [])
        return tags.contains { head.knownTags.contains($0) }
    }
}
