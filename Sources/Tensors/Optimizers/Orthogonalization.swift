/// Steps along matrices whose singular values have all been brought near to 1.
///
/// Five iterations of Newton and Schulz's kind with the quintic of Jordan et al. 2024 ("Muon"). They bring all singular
/// values that are at least 0.0015 of the root of the sum of all squares to between 0.68 and 1.21. Every iteration
/// multiplies the matrix by a polynomial of its product with itself, which is as wide as its shorter side alone, and
/// these commute: so they are multiplied with each other first, and the matrix at last.
package final class Orthogonalization {
    private static let iterations = 5
    private static let quintic: (Float, Float, Float) = (3.4445, -4.7750, 2.0315)

    private let largest: Int
    private let memory: UnsafeMutablePointer<Float>

    /// With room for matrices whose shorter side is no longer than `side`.
    package init(side: Int) {
        largest = side
        memory = .allocate(capacity: 5 * side * side)
    }

    deinit { memory.deallocate() }

    /// values ← keeping · values + factor · the orthogonalized direction, both of so many rows one after the other; a
    /// direction of zeros is no step.
    package func step(
        _ values: UnsafeMutableBufferPointer<Float>, along direction: UnsafeBufferPointer<Float>, rows: Int,
        factor: Float, keeping: Float
    ) throws(EngineError) {
        let columns = values.count / rows
        let isWide = rows <= columns, side = min(rows, columns)
        precondition(values.count == rows * columns && direction.count == values.count && side <= largest)
        guard let values = values.baseAddress, let direction = direction.baseAddress else { return }
        let count = side * side
        var square = memory, spare = memory + count, total = memory + 2 * count, next = memory + 3 * count
        let polynomial = memory + 4 * count
        try multiply(
            direction, direction, transposed: (!isWide, isWide), into: square, side, side, isWide ? columns : rows)
        // The sum of all squares, so no singular value is above 1 when divided by its root.
        let norm = (0..<side).reduce(Float(0)) { $0 + square[$1 * (side + 1)] }
        guard norm > 0, norm.isFinite else { return }
        for index in 0..<count { square[index] /= norm }
        for iteration in 0..<Self.iterations {
            try multiply(square, square, into: polynomial, side, side, side)
            for index in 0..<count {
                polynomial[index] = Self.quintic.2 * polynomial[index] + Self.quintic.1 * square[index]
            }
            for index in 0..<side { polynomial[index * (side + 1)] += Self.quintic.0 }
            if iteration == 0 {
                total.update(from: polynomial, count: count)
            } else {
                try multiply(polynomial, total, into: next, side, side, side)
                swap(&total, &next)
            }
            guard iteration < Self.iterations - 1 else { break }
            try multiply(polynomial, square, into: spare, side, side, side)
            try multiply(spare, polynomial, into: square, side, side, side)
        }
        let factor = factor / norm.squareRoot()
        if isWide {
            try multiply(total, direction, into: values, rows, columns, rows, factor: factor, keeping: keeping)
        } else {
            try multiply(direction, total, into: values, rows, columns, columns, factor: factor, keeping: keeping)
        }
    }
}
