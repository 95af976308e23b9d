/// How a store is opened.
package struct StoreOptions: Sendable {
    /// The number of connections that read at the same time.
    package var readers: Int
    /// Seconds to wait for another program that holds the database.
    package var patience = 5.0
    /// The most bytes the database file may take; `nil` for no limit but the disk.
    package var maximumBytes: Int?
    /// Voxels along each edge of a brick, for new grids.
    package var brickEdge: Int
    /// The most unpacked bytes that one source of voxels caches.
    package var cacheBytes: Int
    /// The most bytes of partly written bricks that one writer holds.
    package var draftBytes: Int
    /// The most bytes of annotated slices that are kept in memory, for finding what differs where slices cross.
    package var crossingBytes = 256 << 20
    /// The most bytes of slices of a label volume that are compared at a time; what crosses them takes twice as much.
    package var comparedBytes = 16 << 20
    /// The most requests with an `Idempotency-Key` that are remembered; the oldest are forgotten first.
    package var rememberedRequests = 100_000
    /// How many `progress` events of a job are kept, and as many of those that brought another held-out IoU.
    package var progressEvents = 1000
    /// The most points that a job's curve is read with: half of them evenly over its steps, and as many measurements.
    package var curvePoints = 1000

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
