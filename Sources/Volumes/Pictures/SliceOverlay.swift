/// What is drawn over the picture of a slice.
package enum SliceOverlay: Sendable {
    /// Class indices, rows × columns, and a colour per class; 255 is not drawn.
    case labels([UInt8], colors: [Color])
    /// Numbers from 0 (transparent) to 1 (bright), rows × columns.
    case heat([Float])
}
