internal import Store
internal import Volumes

extension BrickLevel {
    /// The same labels with other values: class + 1, and 0 for unlabeled.
    var forViewers: BrickLevel {
        BrickLevel(grid: grid, element: .uint8, fill: fill &+ 1) { bricks in
            try zip(bricks, load(bricks)).map { brick, packed -> [UInt8]? in
                guard let packed else { return nil }
                let values = try BrickCodec.decode(packed, element: .uint8, voxels: bytes(of: brick))
                return BrickCodec.encode(values.map { $0 &+ 1 }, element: .uint8)
            }
        }
    }

    /// A level of annotated slices of given revisions, merged: a voxel has the first label that the latest slice through
    /// it has there.
    static func annotation(
        _ current: [AnnotationRecord], level: Pyramid.Level, of volume: VolumeRecord, in store: Store
    ) -> BrickLevel {
        let grid = BrickGrid(extent: level.extent, edge: store.options.brickEdge)
        return BrickLevel(grid: grid, element: .uint8, fill: AnnotatedSlice.unlabeled) { bricks in
            let labels = try store.labels(of: volume, at: current)
            return try bricks.map { brick in
                let values = try labels.read(grid.box(of: brick), factor: level.factor)
                return values.allSatisfy { $0 == AnnotatedSlice.unlabeled }
                    ? nil : BrickCodec.encode(values, element: .uint8)
            }
        }
    }

    /// A brick as a chunk of Zarr, `nil` for one that is missing; for threads that may block.
    ///
    /// Whole bricks are sent as they are stored, those at the borders are filled up and packed anew.
    func chunk(_ brick: BrickIndex) throws -> [UInt8]? {
        guard let packed = try load([brick]).first ?? nil else { return nil }
        let extent = grid.box(of: brick).extent
        guard extent != grid.chunk else {
            return try BloscChunk.wrap(packed, bytes: bytes(of: brick), element: element)
        }
        let voxels = try BrickCodec.decode(packed, element: element, voxels: extent.voxels)
        return try BloscChunk.pack(voxels, of: extent, in: grid.chunk, fill: fill, element: element)
    }
}
