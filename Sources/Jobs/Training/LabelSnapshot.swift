internal import Store
internal import Volumes

/// The volumes of a plan with the labels that it names, read at one moment.
struct LabelSnapshot: Sendable {
    struct Volume: Sendable {
        /// As the plan calls it.
        let name: String
        let record: VolumeRecord
        /// Oldest first.
        let slices: [AnnotatedSlice]
        let image: any VoxelSource
    }

    let volumes: [Volume]

    /// Loads what a plan names.
    ///
    /// - Throws: `StoreError.notFound` or `.conflict` if something of it is no longer there.
    init(_ planned: [PlannedVolume], from store: Store) async throws {
        let found = try await store.slices(of: planned.map { ($0.id, $0.slices.map(\.revision)) })
        volumes = try zip(planned, found).map { planned, found in
            guard found.volume.image == planned.image else {
                throw StoreError.conflict("the volume \"\(found.volume.name)\" was replaced")
            }
            return Volume(
                name: planned.name, record: found.volume, slices: found.slices,
                image: try store.source(grid: found.volume.image))
        }
    }
}
