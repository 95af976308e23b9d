internal import Volumes

/// The values of a slice in little memory, of which single rows and columns can be read.
///
/// Squares of 8×8 voxels: of one value, or of 2, 4 or 16 values with 1, 2 or 4 bits for each voxel, or as they are.
package struct LabelTiles: Sendable {
    static let edge = 8
    /// So that places in `data` fit a tile's 29 bits.
    private static let mostVoxels = 1 << 28

    private let rows: Int
    private let columns: Int
    /// Squares in a row of them.
    private let across: Int
    /// For each square, in the lowest 3 bits 0 and then its only value; or 1 more than the binary logarithm of its bits
    /// for each voxel, and then where in `data` its values are, which its voxels follow.
    private var tiles: [UInt32] = []
    private var data: [UInt8] = []

    /// `nil` for a slice of more than 2²⁸ voxels.
    package init?(_ values: [UInt8], rows: Int, columns: Int) {
        guard values.count == rows * columns, !values.isEmpty, values.count <= Self.mostVoxels else { return nil }
        self.rows = rows
        self.columns = columns
        across = (columns + Self.edge - 1) / Self.edge
        tiles.reserveCapacity((rows + Self.edge - 1) / Self.edge * across)
        var packer = TilePacker()
        values.withUnsafeBytes { values in
            for row in stride(from: 0, to: rows, by: Self.edge) {
                for column in stride(from: 0, to: columns, by: Self.edge) {
                    let value = packer.take(values, rows: rows, columns: columns, row: row, column: column)
                    tiles.append(value.map { UInt32($0) << 3 } ?? packer.pack(into: &data))
                }
            }
        }
    }

    /// What it takes in memory.
    package var bytes: Int { tiles.count * 4 + data.count + 100 }

    /// The values of a row, or of a column.
    package func line(_ index: Int, isRow: Bool) -> [UInt8] {
        let count = isRow ? columns : rows
        let (tile, step) = isRow ? (index / Self.edge * across, 1) : (index / Self.edge, across)
        let (voxel, next) = isRow ? (index % Self.edge * Self.edge, 1) : (index % Self.edge, Self.edge)
        return [UInt8](unsafeUninitializedCapacity: count) { line, filled in
            data.withUnsafeBufferPointer { data in
                for (number, start) in stride(from: 0, to: count, by: Self.edge).enumerated() {
                    let word = tiles[tile + number * step]
                    let (code, first) = (Int(word & 7), Int(word >> 3))
                    var place = voxel
                    // As many bits for each voxel as 2 to the power of this.
                    let power = max(code - 1, 0)
                    let mask = (1 << (1 << power)) - 1
                    for target in start..<min(start + Self.edge, count) {
                        if code == 0 {
                            line[target] = UInt8(first)
                        } else if code == 4 {
                            line[target] = data[first + place]
                        } else {
                            let bit = place << power
                            let byte = data[first + mask + 1 + (bit >> 3)]
                            line[target] = data[first + ((Int(byte) >> (bit & 7)) & mask)]
                        }
                        place += next
                    }
                }
            }
            filled = count
        }
    }
}

/// Packs squares of voxels, one after the other.
private struct TilePacker {
    /// The square's rows, the first voxel lowest; what is outside of the slice is as its first voxel.
    private var words = [UInt64](repeating: 0, count: LabelTiles.edge)
    private var places = [UInt8](repeating: 255, count: 256)

    /// Takes the square that begins at a voxel of a slice; the value of all its voxels if they have the same.
    mutating func take(
        _ values: UnsafeRawBufferPointer, rows: Int, columns: Int, row: Int, column: Int
    ) -> UInt8? {
        let first = values[row * columns + column]
        let uniform = UInt64(first) &* 0x0101_0101_0101_0101
        var isUniform = true
        for down in words.indices {
            var word = uniform
            let start = (row + down) * columns + column
            if row + down < rows, column + LabelTiles.edge <= columns {
                word = UInt64(littleEndian: values.loadUnaligned(fromByteOffset: start, as: UInt64.self))
            } else if row + down < rows {
                for along in 0..<columns - column {
                    word ^= UInt64(values[start + along] ^ first) << UInt64(8 * along)
                }
            }
            words[down] = word.littleEndian
            isUniform = isUniform && word == uniform
        }
        return isUniform ? first : nil
    }

    /// Appends the values of the square that was taken, and its voxels; the word that says where.
    mutating func pack(into data: inout [UInt8]) -> UInt32 {
        let words = words
        let start = UInt32(data.count)
        var palette: [UInt8] = []
        palette.reserveCapacity(LabelTiles.edge * LabelTiles.edge)
        words.withUnsafeBytes { voxels in
            for value in voxels where places[Int(value)] == 255 {
                places[Int(value)] = UInt8(palette.count)
                palette.append(value)
            }
        }
        let code = palette.count <= 2 ? 1 : palette.count <= 4 ? 2 : palette.count <= 16 ? 3 : 4
        words.withUnsafeBytes { voxels in
            guard code < 4 else { return data.append(contentsOf: voxels) }
            let bits = 1 << (code - 1)
            data.append(contentsOf: palette)
            for _ in palette.count..<1 << bits { data.append(0) }
            for start in stride(from: 0, to: voxels.count, by: 8 / bits) {
                var byte: UInt8 = 0
                for place in 0..<8 / bits { byte |= places[Int(voxels[start + place])] << UInt8(place * bits) }
                data.append(byte)
            }
        }
        for value in palette { places[Int(value)] = 255 }
        return start << 3 | UInt32(code)
    }
}
