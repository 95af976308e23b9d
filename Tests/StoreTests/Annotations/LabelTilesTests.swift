import Store
import TestSupport
import Testing

@Suite struct LabelTilesTests {
    @Test(arguments: [1, 2, 3, 4, 5, 16, 17, 64, 256], [(1, 1), (8, 8), (16, 24), (7, 9), (23, 5), (33, 40)])
    func `every row and column is read as it was`(labels: Int, size: (rows: Int, columns: Int)) throws {
        let (rows, columns) = size
        var generator = SeededGenerator(seed: UInt64(labels))
        // Some squares of one value, others with all values.
        let values = (0..<rows * columns).map { place -> UInt8 in
            let isMixed = (place / columns / 8 + place % columns / 8).isMultiple(of: 2)
            return isMixed ? 255 - UInt8.random(in: 0...UInt8(labels - 1), using: &generator) : UInt8(labels - 1)
        }
        let tiles = try #require(LabelTiles(values, rows: rows, columns: columns))
        for row in 0..<rows {
            #expect(tiles.line(row, isRow: true) == Array(values[row * columns..<(row + 1) * columns]))
        }
        for column in 0..<columns {
            #expect(tiles.line(column, isRow: false) == (0..<rows).map { values[$0 * columns + column] })
        }
    }

    @Test func `what is alike takes little, and nothing much more than it has voxels`() throws {
        let plain = try #require(LabelTiles([UInt8](repeating: 3, count: 1 << 18), rows: 512, columns: 512))
        #expect(plain.bytes < 1 << 15)
        var generator = SeededGenerator(seed: 1)
        for (labels, most) in [(3, 1.1 / 2.5), (255, 1.1)] {
            let noise = generator.bytes(1 << 18, in: 0...UInt8(labels))
            #expect(Double(try #require(LabelTiles(noise, rows: 512, columns: 512)).bytes) < most * Double(1 << 18))
        }
    }

    @Test func `values of another size are refused`() {
        #expect(LabelTiles([1, 2, 3], rows: 2, columns: 2) == nil)
        #expect(LabelTiles([], rows: 0, columns: 0) == nil)
    }
}
