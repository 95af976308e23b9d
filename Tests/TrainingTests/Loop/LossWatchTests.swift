import Foundation
import Testing
import Training

@Suite struct LossWatchTests {
    /// The steps of the weights that were good, in order, of those whose losses are given.
    private func good(_ losses: [Double], isNew: Bool = true) -> [Int] {
        var watch = LossWatch(isNew: isNew)
        return losses.enumerated().compactMap { step, loss in watch.takes(loss, after: step) ? step : nil }
    }

    @Test func `weights are good while the loss falls or stays`() {
        #expect(good((0..<60).map { 1 / Double(1 + $0) }) == [19, 29, 39, 49, 59])
        #expect(good([Double](repeating: 1, count: 10) + [Double](repeating: 0.5, count: 30)) == [19, 29, 39])
    }

    @Test func `weights are not good while the loss rises, however slowly it began to`() {
        let rising = (0..<40).map { 0.5 * pow(1.1, Double($0)) }
        #expect(good([Double](repeating: 1, count: 10) + [Double](repeating: 0.5, count: 10) + rising) == [19])
    }

    @Test func `a loss that was never below the first of a new network makes no good weights`() {
        #expect(good((0..<60).map { 1 + Double($0) }).isEmpty)
    }

    @Test func `a training that goes on from a model may begin with a loss that is low already`() {
        let losses = (0..<40).map { 0.1 + 0.02 * Double($0 % 3) }
        #expect(good(losses, isNew: false) == [19, 29, 39])
    }

    @Test func `a single loss that is far above the others makes no good weights`() {
        var losses = [Double](repeating: 1, count: 10) + [Double](repeating: 0.1, count: 20)
        losses[29] = 0.4
        #expect(good(losses) == [19])
    }

    @Test func `what it knows is stored`() throws {
        var watch = LossWatch(isNew: true)
        for step in 0..<25 { _ = watch.takes(1 / Double(1 + step), after: step) }
        let stored = try JSONDecoder().decode(LossWatch.self, from: JSONEncoder().encode(watch))
        #expect(stored.step == 19)
    }
}
