internal import HTTP
internal import Store
internal import Training
internal import Volumes

/// One channel of a level, to be read brick by brick.
struct BrickLevel: Sendable {
    let grid: BrickGrid
    let element: ElementType
    /// Every byte of a brick that is `nil`.
    let fill: UInt8
    /// Bricks as `BrickCodec` packs them; for threads that may block.
    let load: @Sendable ([BrickIndex]) throws -> [[UInt8]?]

    /// Bytes of a brick that is unpacked.
    func bytes(of brick: BrickIndex) -> Int { grid.box(of: brick).extent.voxels * element.size }

    /// Bricks as they are stored.
    static func stored(_ bricks: StoredBricks, channel: Int) -> BrickLevel {
        BrickLevel(grid: bricks.grid, element: bricks.header.element, fill: bricks.fill) {
            try bricks.packed($0, channel: channel)
        }
    }

    /// The uncertainty of stored probabilities.
    static func uncertainty(_ probabilities: StoredBricks, in store: Store) -> BrickLevel {
        let grid = probabilities.grid
        return BrickLevel(grid: grid, element: .uint16, fill: 0) { bricks in
            let source = UncertaintyVolume(try store.source(grid: probabilities.id, cacheBytes: 0))
            return try bricks.map { brick in
                let values = StoredProbability.encode(try source.floats(grid.box(of: brick))[...])
                return values.withUnsafeBytes { BrickCodec.encode($0, element: .uint16) }
            }
        }
    }

    /// Annotated slices of given revisions, merged.
    static func annotation(_ current: [AnnotationRecord], of volume: VolumeRecord, in store: Store) -> BrickLevel {
        let grid = BrickGrid(extent: volume.header.extent, edge: store.options.brickEdge)
        return BrickLevel(grid: grid, element: .uint8, fill: AnnotatedSlice.unlabeled) { bricks in
            let labels = try store.labels(of: volume, at: current)
            return try bricks.map { brick in
                let values = try labels.raw(grid.box(of: brick))
                return values.allSatisfy { $0 == AnnotatedSlice.unlabeled }
                    ? nil : BrickCodec.encode(values, element: .uint8)
            }
        }
    }
}

extension API {
    /// A level of a content; `nil` if it is yet to be made.
    func level(_ level: Int, channel: Int, of content: BrickContent, _ volume: VolumeRecord) async throws -> BrickLevel?
    {
        guard let grid = content.grid else { return .annotation(content.annotations, of: volume, in: store) }
        guard let stored = try await store.bricks(grid: grid, level: level) else { return nil }
        return content.kind == .uncertainty
            ? .uncertainty(stored, in: store) : .stored(stored, channel: channel)
    }

    /// What a kind of bricks of a volume is now; throws 404 if the volume has none of them.
    func brickContent(
        _ kind: BrickKind, _ request: Request, of volume: VolumeRecord, in project: ProjectRecord
    ) async throws -> BrickContent {
        switch kind {
        case .image: .image(volume)
        case .truth: .truth(try truth(of: volume), of: volume)
        case .prediction, .uncertainty:
            .predicted(kind, try await prediction(of: volume, in: project, request), of: volume)
        case .annotation: .annotation(try await store.currentAnnotations(volume: volume.id), of: volume)
        }
    }
}
