internal import JSON

/// What of an OME-Zarr is meant: by `dataset=`, or the only image or labels that can be.
enum OMEZarrChoice {
    case image(OMEMultiscale)
    /// An array by itself, of which nothing is known but its shape.
    case array(ZarrArrayHeader)

    init(of store: any ZarrStore, _ hints: VolumeHints) throws(VolumeError) {
        if let dataset = hints.dataset {
            try self.init(named: ZarrPath.checked(dataset), store)
            return
        }
        guard let root = try store.node(at: "") else {
            throw .malformed("\(store.words) has no document of Zarr at its root (zarr.json, .zgroup or .zarray)")
        }
        if case .array(let array) = root {
            self = .array(array)
        } else if let image = try OMEMultiscale(root.attributes, at: "") {
            self = .image(try hints.areLabels && !image.isLabels ? Self.labels(of: store) ?? image : image)
        } else {
            self = .image(try Self.only(of: store, isPlate: root.attributes["plate"].isObject))
        }
    }

    private init(named path: String, _ store: any ZarrStore) throws(VolumeError) {
        let node = try store.node(at: path)
        if case .array(let array)? = node {
            self = .array(array)
        } else if let image = try OMEMultiscale(node?.attributes ?? .null, at: path) {
            self = .image(image)
        } else {
            let images = Self.list(of: try Self.images(of: store))
            throw .unsupported(
                "the OME-Zarr has \(node == nil ? "nothing" : "a group that is no image") at \(ZarrPath.shown(path)); its "
                    + "images are \(images)")
        }
    }

    /// The only labels that belong to the image at the root; `nil` if there are none.
    private static func labels(of store: any ZarrStore) throws(VolumeError) -> OMEMultiscale? {
        guard let group = try store.node(at: "labels"), let list = group.attributes["labels"].list else { return nil }
        let names = list.compactMap(\.word)
        guard let name = names.first else { return nil }
        guard names.count == 1 else {
            throw .unsupported(
                "the OME-Zarr has several labels; say which with dataset=, as in dataset=labels/\(name.prefix(80)): "
                    + names.prefix(20).map { "labels/\($0.prefix(80))" }.joined(separator: ", "))
        }
        let path = try ZarrPath.joined("labels", name)
        guard let labels = try OMEMultiscale(store.node(at: path)?.attributes ?? .null, at: path) else {
            throw .malformed("the OME-Zarr says that it has \(ZarrPath.shown(path)), which is no image")
        }
        return labels
    }

    /// The only image of a store that has none at its root.
    private static func only(of store: any ZarrStore, isPlate: Bool) throws(VolumeError) -> OMEMultiscale {
        let all = try images(of: store)
        let images = all.filter { !$0.path.split(separator: "/").contains("labels") }
        if images.count == 1 { return images[0] }
        guard let first = images.first else {
            let arrays = try store.nodes().prefix(20).filter { !$0.isEmpty }
            throw .unsupported(
                "\(store.words) is a Zarr without an image of OME (multiscales)"
                    + (arrays.isEmpty
                        ? "" : "; dataset= and axes= take an array of it, and it has \(arrays.joined(separator: ", "))")
            )
        }
        throw .unsupported(
            "the OME-Zarr is \(isPlate ? "a plate" : "a collection") of \(images.count) images; say which with dataset=, "
                + "as in dataset=\(first.path): \(list(of: images))")
    }

    private static func images(of store: any ZarrStore) throws(VolumeError) -> [OMEMultiscale] {
        var images: [OMEMultiscale] = []
        for path in try store.nodes() {
            guard case .group(let attributes)? = try? store.node(at: path) else { continue }
            if let image = try? OMEMultiscale(ZarrNode.group(attributes: attributes).attributes, at: path) {
                images.append(image)
            }
        }
        return images
    }

    private static func list(of images: [OMEMultiscale]) -> String {
        guard !images.isEmpty else { return "none" }
        return images.prefix(20).map { $0.path.isEmpty ? "/" : $0.path }.joined(separator: ", ")
            + (images.count > 20 ? ", …" : "")
    }
}
