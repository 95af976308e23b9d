import Foundation
import Testing
import Training

@Suite struct OptimizerSettingsTests {
    private let settings = Preset.default.recipe.optimizer

    @Test func `the rate falls as the budget is used`() {
        var settings = settings
        for schedule in OptimizerSettings.Schedule.allCases {
            settings.schedule = schedule
            let rates = [0, 0.25, 0.5, 0.75, 1].map { settings.rate(at: $0, steps: 400, isNew: true) }
            #expect(rates[0] == settings.startingRate(steps: 400, isNew: true))
            for (rate, next) in zip(rates, rates.dropFirst()) {
                #expect(schedule == .constant ? rate == next : rate > next)
                #expect(next > 0)
            }
        }
    }

    @Test func `a training of few steps starts with a higher rate, twice the usual one at most`() {
        let rates = [nil, 10_000, 800, 450, 200, 50, 1].map { settings.startingRate(steps: $0, isNew: true) }
        let expected = [0.003, 0.003, 0.003, 0.004, 0.006, 0.006, 0.006]
        for (rate, other) in zip(rates, expected) { #expect(abs(rate - other) < 1e-12) }
    }

    @Test func `a training that goes on from a model starts with the usual rate, however few its steps`() {
        #expect(settings.startingRate(steps: 50, isNew: false) == 0.003)
    }

    @Test func `a given rate, and that of other optimizers, does not depend on the steps`() throws {
        var given = settings
        given.rate = .fixed(0.02)
        #expect(given.startingRate(steps: 50, isNew: true) == 0.02)
        for kind in [OptimizerSettings.Kind.adam, .sgd] {
            var other = settings
            other.kind = kind
            #expect(other.startingRate(steps: 50, isNew: true) == 0.003)
        }
    }

    @Test func `a recipe says auto or the rate`() throws {
        let auto = try Recipe(json: Data(#"{"optimizer":{"rate":"auto"}}"#.utf8))
        #expect(auto.optimizer.rate == .auto)
        let fixed = try Recipe(json: Data(#"{"optimizer":{"rate":0.01}}"#.utf8))
        #expect(fixed.optimizer.rate == .fixed(0.01))
    }
}
