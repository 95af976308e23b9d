package import Foundation

/// Writes annotated slices one by one to an unnamed file, so that they need not fit in memory.
package struct SliceSpool: ~Copyable {
    private let file: ScratchFile
    private let extent: Extent
    private var entries: [SpooledSlices.Entry] = []
    private var size = 0

    /// The file is in `folder`; `extent` is that of the volume of the slices.
    package init(in folder: URL, extent: Extent) throws(VolumeError) {
        file = try ScratchFile(in: folder)
        self.extent = extent
    }

    package mutating func add(_ slice: AnnotatedSlice) throws {
        var counts = [Int](repeating: 0, count: 256)
        for value in slice.values { counts[Int(value)] += 1 }
        let packed = BrickCodec.encode(slice.values, element: .uint8)
        try packed.withUnsafeBytes { try file.append($0) }
        entries.append(
            SpooledSlices.Entry(
                position: slice.position,
                counts: Dictionary(uniqueKeysWithValues: counts.enumerated().filter { $1 > 0 }.map { ($0, $1) }),
                start: size, length: packed.count))
        size += packed.count
    }

    package consuming func finish() throws -> SpooledSlices {
        SpooledSlices(extent: extent, entries: entries, file: try file.reopen())
    }
}
