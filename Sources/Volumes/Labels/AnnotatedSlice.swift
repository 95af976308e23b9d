/// One annotated slice: class indices, 255 where nobody has said.
package struct AnnotatedSlice: Codable, Hashable, Sendable {
    package static let unlabeled: UInt8 = 255

    package var axis: Axis
    package var index: Int
    /// Rows × columns values in the order that `Extent.slice(on:)` gives.
    package var values: [UInt8]

    package init(axis: Axis, index: Int, values: [UInt8]) {
        self.axis = axis
        self.index = index
        self.values = values
    }
}
