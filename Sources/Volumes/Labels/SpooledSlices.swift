/// Annotated slices in an unnamed file, which lives as long as this object.
package final class SpooledSlices: Sendable {
    /// A slice in the file, without its voxels.
    package struct Entry: Sendable {
        package let position: SlicePosition
        /// Voxels by value, zeros left out.
        package let counts: [Int: Int]
        let start: Int
        let length: Int
    }

    package let extent: Extent
    package let entries: [Entry]
    private let file: OpenFile

    init(extent: Extent, entries: [Entry], file: OpenFile) {
        self.extent = extent
        self.entries = entries
        self.file = file
    }

    /// The values of a slice as `BrickCodec` packs them.
    package func packed(_ entry: Entry) throws(VolumeError) -> [UInt8] {
        let bytes = try file.bytes(at: entry.start, upTo: entry.length)
        guard bytes.count == entry.length else { throw .io("a temporary file has become shorter") }
        return bytes
    }
}
