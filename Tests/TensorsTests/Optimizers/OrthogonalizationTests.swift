import Foundation
import Tensors
import Testing

/// Row-major, of orthogonal rows (or columns, where it is tall), so its singular values are their lengths.
struct OrthogonalCase: CustomTestStringConvertible, Sendable {
    var rows: Int
    var columns: Int
    /// From the longest of 1 to this.
    var shortest: Float

    var testDescription: String { "\(rows)×\(columns), down to \(shortest)" }

    var side: Int { min(rows, columns) }
    private var length: Int { max(rows, columns) }

    func singularValue(_ index: Int) -> Float { 1 + (shortest - 1) * Float(index) / Float(max(side - 1, 1)) }

    /// The matrix of unit rows, or columns, each times what `scale` says.
    func matrix(_ scale: (Int) -> Float) -> [Float] {
        var matrix = [Float](repeating: 0, count: rows * columns)
        for index in 0..<side {
            // Cosines of different frequencies (DCT-II) are orthogonal.
            let unit: [Double] = (0..<length).map {
                cos(Double.pi * (Double($0) + 0.5) * Double(index) / Double(length))
            }
            let norm = unit.reduce(0) { $0 + $1 * $1 }.squareRoot()
            for (place, value) in unit.enumerated() {
                let offset = rows <= columns ? index * columns + place : place * columns + index
                matrix[offset] = scale(index) * Float(value / norm)
            }
        }
        return matrix
    }
}

@Suite struct OrthogonalizationTests {
    static let cases = [
        OrthogonalCase(rows: 16, columns: 27, shortest: 0.05),
        OrthogonalCase(rows: 8, columns: 432, shortest: 0.01),
        OrthogonalCase(rows: 64, columns: 24, shortest: 0.02),
        OrthogonalCase(rows: 32, columns: 32, shortest: 0.5),
        OrthogonalCase(rows: 1, columns: 9, shortest: 1),
    ]

    /// What a step from zeros along a matrix gives.
    private func orthogonalized(_ matrix: [Float], _ example: OrthogonalCase) throws -> [Float] {
        var values = [Float](repeating: 0, count: matrix.count)
        try step(&values, along: matrix, example, factor: 1, keeping: 1)
        return values
    }

    private func step(
        _ values: inout [Float], along direction: [Float], _ example: OrthogonalCase, factor: Float, keeping: Float
    ) throws {
        let orthogonalization = Orthogonalization(side: 40)
        try values.withUnsafeMutableBufferPointer { values in
            try direction.withUnsafeBufferPointer {
                try orthogonalization.step(values, along: $0, rows: example.rows, factor: factor, keeping: keeping)
            }
        }
    }

    @Test(arguments: cases) func `all singular values come near to 1, and the vectors stay`(
        example: OrthogonalCase
    ) throws {
        let found = try orthogonalized(example.matrix(example.singularValue), example)
        let unit = example.matrix { _ in 1 }
        for index in 0..<example.side {
            let vector = example.matrix { $0 == index ? 1 : 0 }
            let length = zip(found, vector).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(0.65...1.25 ~= length, "singular value \(index)")
        }
        let squares = found.reduce(0) { $0 + $1 * $1 }, along = zip(found, unit).reduce(0) { $0 + $1.0 * $1.1 }
        // Of nothing but these vectors: the squares of all are those of the lengths, which vary by a quarter or so.
        #expect(squares <= 1.25 * 1.25 * Float(example.side))
        #expect(along * along >= 0.9 * squares * Float(example.side))
    }

    @Test func `the size of the direction does not matter`() throws {
        let example = Self.cases[0]
        let small = try orthogonalized(example.matrix { 1e-6 * example.singularValue($0) }, example)
        let large = try orthogonalized(example.matrix { 1e6 * example.singularValue($0) }, example)
        #expect(zip(small, large).allSatisfy { abs($0 - $1) < 1e-3 })
    }

    @Test func `a step keeps a part of the values and adds a multiple`() throws {
        let example = Self.cases[2], matrix = example.matrix(example.singularValue)
        let whole = try orthogonalized(matrix, example)
        let before = matrix.indices.map { Float($0 % 7) - 3 }
        var values = before
        try step(&values, along: matrix, example, factor: -0.5, keeping: 0.9)
        for index in values.indices { #expect(abs(values[index] - (0.9 * before[index] - 0.5 * whole[index])) < 1e-4) }
    }

    /// As when a layer has died: its velocity shrinks from step to step, past all sizes.
    @Test(arguments: cases) func `a direction that has vanished is no step`(example: OrthogonalCase) throws {
        for scale in stride(from: Float(-24), through: -16, by: 0.125).map({ pow(10, $0) }) + [0] {
            let found = try orthogonalized(example.matrix { scale * example.singularValue($0) }, example)
            #expect(found.allSatisfy { $0 == 0 })
        }
    }

    @Test func `a direction of no numbers is not passed over in silence`() throws {
        for direction in [Float.nan, .infinity] {
            var values = [Float](repeating: 2, count: 16 * 27)
            try step(
                &values, along: [Float](repeating: direction, count: 16 * 27), Self.cases[0], factor: 1, keeping: 1)
            #expect(values.allSatisfy { $0.isNaN })
        }
    }
}
