/// How a store is opened.
package struct StoreOptions: Sendable {
    /// Connections that read at the same time.
    package var readers: Int
    /// The most bytes the database file may take; `nil` is as much as the disk has.
    package var maximumBytes: Int?
    /// Voxels along each edge of a brick of grids made from now on.
    package var brickEdge: Int
    /// The most unpacked bytes that one source of voxels keeps.
    package var cacheBytes: Int
    /// The most bytes of bricks written in part that one writer keeps.
    package var draftBytes: Int

    package init(
        readers: Int = 6, maximumBytes: Int? = nil, brickEdge: Int = 64, cacheBytes: Int = 32 << 20,
        draftBytes: Int = 64 << 20
    ) {
        self.readers = readers
        self.maximumBytes = maximumBytes
        self.brickEdge = brickEdge
        self.cacheBytes = cacheBytes
        self.draftBytes = draftBytes
    }
}
