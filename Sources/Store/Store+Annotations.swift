package import Volumes

extension Store {
    /// Stores revisions of slices, all or none, in the order given.
    ///
    /// A part of a slice is merged over the current slice. `conflicts` counts the labelled voxels of the resulting
    /// slice that differ from a label of a current slice crossing it. With `ifRevision` the current revision of every
    /// slice posted must be that one (0: not annotated), or it is a conflict naming both.
    package func postAnnotations(
        volume: Int64, _ annotations: [NewAnnotation], ifRevision: Int64? = nil
    ) async throws -> [(record: AnnotationRecord, conflicts: Int)] { throw StoreError.failed("unfinished") }

    /// Takes the annotation of a slice away, as a new revision; `notFound` if there is none.
    package func clear(
        volume: Int64, axis: Axis, index: Int, author: String? = nil, ifRevision: Int64? = nil
    ) async throws -> AnnotationRecord { throw StoreError.failed("unfinished") }

    /// Brings an earlier revision of a slice back, as a new one.
    package func restore(
        volume: Int64, axis: Axis, index: Int, revision: Int64, author: String? = nil, ifRevision: Int64? = nil
    ) async throws -> (record: AnnotationRecord, conflicts: Int) { throw StoreError.failed("unfinished") }

    /// The current revision of each annotated slice, oldest first; cleared slices are left out.
    package func currentAnnotations(volume: Int64) async throws -> [AnnotationRecord] {
        throw StoreError.failed("unfinished")
    }

    /// The current annotation of a slice, rows × columns values; `notFound` if there is none or it was cleared.
    package func annotation(
        volume: Int64, axis: Axis, index: Int
    ) async throws -> (record: AnnotationRecord, values: [UInt8]) { throw StoreError.failed("unfinished") }

    /// Every revision of a slice, oldest first; empty if there is none.
    package func history(volume: Int64, axis: Axis, index: Int) async throws -> [AnnotationRecord] {
        throw StoreError.failed("unfinished")
    }

    /// The values of any revision of a volume; `notFound` for a clearing.
    package func values(volume: Int64, revision: Int64) async throws -> [UInt8] {
        throw StoreError.failed("unfinished")
    }

    /// The current slices and their revisions as they were at one moment, oldest first.
    package func annotatedSlices(
        volume: Int64
    ) async throws -> [(record: AnnotationRecord, slice: AnnotatedSlice)] { throw StoreError.failed("unfinished") }

    /// The current slices, oldest first, as `SparseLabels` wants them.
    package func slices(volume: Int64) async throws -> [AnnotatedSlice] { throw StoreError.failed("unfinished") }

    /// The same for threads that may block.
    package func slices(volume: Int64) throws -> [AnnotatedSlice] { throw StoreError.failed("unfinished") }
}
