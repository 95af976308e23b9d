/// The stored form of probabilities: uint16, 65535 for 1.
package enum StoredProbability {
    private static let one: Float = 65535

    package static func encode(_ probabilities: ArraySlice<Float>) -> [UInt16] {
        probabilities.map { UInt16(max(0, min(1, $0)) * one + 0.5) }
    }

    /// Converts stored values to probabilities, in place.
    package static func decode(_ values: UnsafeMutableBufferPointer<Float>) {
        for place in values.indices { values[place] /= one }
    }
}
