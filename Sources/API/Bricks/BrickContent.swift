internal import Foundation
internal import Store
internal import Volumes

/// Voxels of a volume that are looked at brick by brick, in several levels.
struct BrickContent: Sendable {
    let kind: BrickKind
    /// The model that made them; `nil` if none did.
    var model: String?
    let element: ElementType
    var channels = 1
    let levels: [Pyramid.Level]
    /// Where they are stored; `nil` for annotations, which are merged when they are asked for.
    var grid: VoxelGridID?
    var annotations: [AnnotationRecord] = []
    /// Changes whenever a voxel does.
    let version: String

    private init(_ kind: BrickKind, _ element: ElementType, _ levels: [Pyramid.Level], identity: [String]) {
        self.kind = kind
        self.element = element
        self.levels = levels
        version = ExportCache.tag(["bricks", kind.rawValue] + identity)
    }

    static func image(_ volume: VolumeRecord) -> BrickContent {
        var content = BrickContent(
            .image, volume.header.element, Pyramid(of: volume.header).levels, identity: [volume.identity])
        content.channels = volume.header.channels
        content.grid = volume.image
        return content
    }

    static func truth(_ grid: VoxelGridID, of volume: VolumeRecord) -> BrickContent {
        var content = BrickContent(
            .truth, .uint8, Pyramid(of: volume.header).levels, identity: ["\(grid)", volume.identity])
        content.grid = grid
        return content
    }

    /// Class indices, or their uncertainty as probabilities are stored: 65535 for 1.
    static func predicted(_ kind: BrickKind, _ prediction: PredictionRecord, of volume: VolumeRecord) -> BrickContent {
        let isUncertainty = kind == .uncertainty
        var content = BrickContent(
            kind, isUncertainty ? .uint16 : .uint8, Pyramid(of: volume.header).levels, identity: [prediction.identity])
        content.model = prediction.modelName
        content.grid = isUncertainty ? prediction.probability : prediction.labels
        return content
    }

    /// The slices as they are now: a single level, since few voxels of a slice would be left in others.
    static func annotation(_ current: [AnnotationRecord], of volume: VolumeRecord) -> BrickContent {
        let identity = current.map { "\($0.revision) \($0.created.timeIntervalSince1970)" }
        var content = BrickContent(
            .annotation, .uint8, Array(Pyramid(of: volume.header).levels.prefix(1)),
            identity: [volume.identity] + identity)
        content.annotations = current
        return content
    }
}
