internal import Store
internal import Training
internal import Volumes

/// The volumes of a plan with the labels that it names, read in one transaction.
struct LabelSnapshot: Sendable {
    struct Volume: Sendable {
        /// The name in the plan.
        let name: String
        let record: VolumeRecord
        /// Oldest first, without the voxels of test slices.
        let slices: [AnnotatedSlice]
        let image: any VoxelSource
    }

    let volumes: [Volume]

    /// Loads the volumes and revisions of a plan.
    ///
    /// - Throws: `StoreError.notFound` or `.conflict` if any of them was deleted or replaced.
    init(_ planned: [PlannedVolume], from store: Store) async throws {
        let found = try await store.slices(of: planned.map { ($0.id, $0.slices.map(\.revision)) })
        var volumes: [Volume] = []
        for (planned, found) in zip(planned, found) {
            guard found.volume.image == planned.image else {
                throw StoreError.conflict("the volume \"\(found.volume.name)\" was replaced")
            }
            let extent = found.volume.header.extent
            let slices = found.slices.map { slice in
                (planned.test ?? []).reduce(into: slice) { $0.clear(plane: $1, extent: extent) }
            }
            volumes.append(
                Volume(
                    name: planned.name, record: try await store.measured(found.volume), slices: slices,
                    image: try store.source(grid: found.volume.image)))
        }
        self.volumes = volumes
    }
}
