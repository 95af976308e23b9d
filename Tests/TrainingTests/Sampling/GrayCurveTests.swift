import Testing
import Training
import Volumes

@Suite struct GrayCurveTests {
    @Test func `a gray curve rises, leaves 0 where it is, and keeps the contrast around it`() {
        var random = Random(seed: 14)
        for _ in 0..<20 {
            let curve = GrayCurve(strength: 0.4, using: &random)
            var values = (0...320).map { Float($0) / 40 - 4 }
            values.withUnsafeMutableBufferPointer { curve.apply(to: $0) }
            #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
            #expect(abs(values[160]) < 1e-4)
            #expect(abs(values[240] - values[80] - 4) < 1e-3)
        }
    }
}
