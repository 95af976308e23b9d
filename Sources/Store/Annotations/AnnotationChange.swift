/// The revisions that one call made, or would make, of several slices.
package struct AnnotationChange: Sendable {
    /// With the voxels of each that differ from a crossing slice that the call left as it is.
    package let revisions: [(record: AnnotationRecord, conflicts: Int)]

    /// The number by which all of them are taken back together; `nil` if there is none.
    package var number: Int64? { revisions.first?.record.revision }
}
