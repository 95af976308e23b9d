internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// What of a volume its OME-Zarr has.
extension API {
    /// An image or labels of a volume; `nil` if it has none of these.
    func zarrContent(
        _ place: ZarrPlace, _ request: Request, of volume: VolumeRecord, in project: ProjectRecord
    ) async throws -> ZarrContent? {
        let bricks: BrickContent
        do {
            bricks = try await brickContent(place.kind, request, of: volume, in: project)
        } catch let error as HTTPError where error.status == 404 && place != .image {
            return nil
        }
        if place == .annotation, bricks.annotations.isEmpty { return nil }
        // Annotations are merged when they are asked for, in as many levels as the image has.
        let grid = bricks.grid ?? volume.image
        guard let stored = try await zarrLevels.bricks(of: grid, level: 0) else { return nil }
        let ready = try await store.levels(of: [grid])[grid]?.count ?? 1
        let fill = bricks.grid == nil ? AnnotatedSlice.unlabeled : stored.fill
        return ZarrContent(
            place: place, bricks: bricks, levels: Array(Pyramid(of: volume.header).levels.prefix(ready)),
            edge: bricks.grid == nil ? store.options.brickEdge : stored.grid.edge,
            fill: place == .uncertainty ? 0 : place.isLabels ? fill &+ 1 : fill,
            legend: legend(of: place, volume, project, channels: stored.header.channels))
    }

    private func legend(
        of place: ZarrPlace, _ volume: VolumeRecord, _ project: ProjectRecord, channels: Int
    ) -> [OMEChannel] {
        switch place {
        case .image: OMEChannel.channels(of: volume)
        case .uncertainty: [OMEChannel(name: "uncertainty", color: "#ffffff")]
        // A label value never changes its class, so that the project's names are right for models of any age.
        case .probability: OMEChannel.classes(project, count: channels)
        case .annotation, .prediction, .truth: OMEChannel.classes(project)
        }
    }

    /// The whole hierarchy, as far as the volume has it.
    func zarr(
        _ version: OMEZarrVersion, _ request: Request, of volume: VolumeRecord, in project: ProjectRecord
    ) async throws -> ZarrTree {
        var (root, images, labels): (ZarrTree?, [ZarrTree.Member], [ZarrTree.Member]) = (nil, [], [])
        var names: [String] = []
        for place in ZarrPlace.allCases {
            guard let content = try await zarrContent(place, request, of: volume, in: project) else { continue }
            let arrays = content.arrays.enumerated().map { ZarrTree.Member(name: "\($0)", node: .array($1)) }
            let name = place == .image ? volume.name : place.rawValue
            let node = ZarrTree.group(
                attributes: version.attributes(content.image(name: name).attributes(version)), arrays)
            switch place {
            case .image: root = node
            case .probability, .uncertainty: images.append(.init(name: place.rawValue, node: node))
            case .annotation, .prediction, .truth:
                names.append(place.rawValue)
                labels.append(.init(name: place.rawValue, node: node))
            }
        }
        guard case .group(let attributes, let levels)? = root else {
            throw HTTPError.notFound("the volume \(volume.name) has no image any more")
        }
        if !labels.isEmpty {
            let listed = version.attributes(["labels": .array(names.map { .string($0) })])
            images.append(.init(name: "labels", node: .group(attributes: listed, labels)))
        }
        return .group(attributes: attributes, levels + images)
    }
}
