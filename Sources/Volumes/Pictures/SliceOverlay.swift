/// What is laid over the picture of a slice.
package enum SliceOverlay: Sendable {
    /// Class indices, rows × columns, 255 showing nothing; one colour per class.
    case labels([UInt8], colors: [Color])
    /// Numbers from 0 (dark, see-through) to 1 (bright), rows × columns.
    case heat([Float])
}
