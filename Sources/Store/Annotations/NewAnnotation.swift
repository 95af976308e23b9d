package import Volumes

/// An annotated slice, or part of one, to be stored as a revision.
package struct NewAnnotation: Hashable, Sendable {
    package var position: SlicePosition
    /// Rows of `values`: those of the slice, or of `region` if given.
    package var rows: Int
    package var columns: Int
    /// Rows × columns class indices; 255 is unlabeled.
    package var values: [UInt8]
    package var author: String?
    /// The part of the slice that `values` replaces, also where they are 255; `nil` is the whole slice.
    package var region: Region?
    /// What the slice is for from now on; `nil` leaves it as it was, `train` at first.
    package var role: AnnotationRole?

    package init(
        at position: SlicePosition, rows: Int, columns: Int, values: [UInt8], author: String? = nil,
        region: Region? = nil, role: AnnotationRole? = nil
    ) {
        self.position = position
        self.rows = rows
        self.columns = columns
        self.values = values
        self.author = author
        self.region = region
        self.role = role
    }
}
