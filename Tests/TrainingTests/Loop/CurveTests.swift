import Testing
import Training

@Suite struct CurveTests {
    @Test func `a long curve stays short and keeps its measurements`() {
        var curve = Curve()
        for step in 1...10_000 {
            curve.add(step: step, seconds: Double(step), loss: 1, heldOutIoU: step % 1000 == 0 ? 0.5 : nil)
        }
        #expect(curve.points.count <= 520)
        #expect(curve.points.allSatisfy { abs($0.loss - 1) < 1e-9 })
        #expect(curve.points.count { $0.heldOutIoU != nil } == 10)
    }
}
