/// Update steps along matrices that have been orthogonalized: all their singular values are near 1.
///
/// Five Newton–Schulz iterations with the quintic polynomial of Jordan et al. 2024 ("Muon"). They bring all singular
/// values of at least 0.0015 times the Frobenius norm to between 0.68 and 1.21. Each iteration multiplies the matrix by
/// a polynomial of its product with its transpose, which is as wide as the matrix's shorter side. These polynomials
/// commute, so they are multiplied with each other first, and with the matrix last.
package final class Orthogonalization {
    private static let iterations = 5
    private static let quintic: (Float, Float, Float) = (3.4445, -4.7750, 2.0315)
    /// The squared Frobenius norm below which a direction is none: near the smallest floats its products lose their digits,
    /// and the iterations no longer end near 1 but anywhere.
    private static let least: Float = 1e-30

    private let largest: Int
    private let memory: UnsafeMutablePointer<Float>

    /// Allocates scratch for matrices whose shorter side is at most `side`.
    package init(side: Int) {
        largest = side
        memory = .allocate(capacity: 5 * side * side)
    }

    deinit { memory.deallocate() }

    /// The multiplications of a step along a matrix of so many values, whose shorter side is `side`.
    package static func cost(side: Int, count: Int) -> Int {
        // Of each iteration two products of squares and two more, but for the first and the last.
        2 * count * side + (4 * iterations - 3) * side * side * side
    }

    /// values ← keeping · values + factor · the orthogonalized direction.
    ///
    /// Both have this many rows, in row-major order. If the direction has vanished (its norm is below 1e-15), nothing is
    /// added. One that is no number, or so large that its square is infinite, makes the values no numbers either.
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
        // The sum of all squares: divided by its root, the matrix has no singular value above 1.
        let norm = (0..<side).reduce(Float(0)) { $0 + square[$1 * (side + 1)] }
        if norm < Self.least { return }
        guard norm.isFinite else {
            values.update(repeating: .nan, count: rows * columns)
            return
        }
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
