import Foundation
import JSON
import Testing
import Training

@Suite struct StepPlanTests {
    @Test func `the progress is 0 in the first twentieth, then grows with the steps, and ends at 1`() {
        let plan = StepPlan(200)
        #expect([0, 5, 10].map { plan.used(step: $0) } == [0, 0, 0])
        #expect(abs(plan.used(step: 105) - 0.5) < 1e-12)
        #expect(plan.used(step: 200) == 1)
        #expect(plan.used(step: 300) == 1)
        #expect(StepPlan(1).used(step: 0) == 0)
        #expect(StepPlan(8).used(step: 4) == 0.5)
    }

    @Test func `a changed plan goes on from the progress so far`() {
        var plan = StepPlan(200)
        plan.change(to: 300, after: 105)
        #expect(abs(plan.used(step: 105) - 0.5) < 1e-12)
        #expect(abs(plan.used(step: 105 + 39) - 0.6) < 1e-12)
        #expect(plan.used(step: 300) == 1)
        plan.change(to: 150, after: 144)
        #expect(abs(plan.used(step: 147) - 0.8) < 1e-12)
        #expect(plan.used(step: 150) == 1)
        #expect(plan.steps == 150)
        let progress = (0...150).map { plan.used(step: $0) }
        #expect(progress == progress.sorted())
    }

    @Test func `the steps that count after some are those of the last plan that counts by then`() {
        var plan = StepPlan(100)
        plan.change(to: 200, after: 40)
        #expect([0, 4, 5, 39, 40, 200].map(plan.planned) == [nil, nil, 100, 100, 200, 200])
        #expect(StepPlan(10).planned(at: 0) == 10)
    }

    @Test func `a plan that is changed before it counts is a plain one`() {
        var plan = StepPlan(1000)
        plan.change(to: 400, after: 12)
        #expect(plan == StepPlan(400))
        #expect(plan.isPlain)
    }

    @Test func `a plan that ends at once is at its end`() {
        var plan = StepPlan(100)
        plan.change(to: 40, after: 40)
        #expect(plan.steps == 40)
        #expect(plan.used(step: 39) < 0.5)
        #expect(plan.used(step: 40) == 1)
    }

    @Test func `a recipe holds a plan as a number or as its changes`() throws {
        var recipe = try Recipe(json: Data(#"{"steps":220}"#.utf8))
        #expect(recipe.steps == .fixed(StepPlan(220)))
        var plan = StepPlan(220)
        plan.change(to: 300, after: 60)
        recipe.steps = .fixed(plan)
        let text = String(decoding: try JSONEncoder().encode(recipe), as: UTF8.self)
        #expect(text.contains(#""steps":[[11,220],[60,300]]"#))
        #expect(try Recipe(json: Data(text.utf8)) == recipe)
    }

    @Test(arguments: [
        "[]", "[[5]]", "[[5,100],[4,120]]", "[[120,100]]", "[[5,100],[120,110]]", "[[0,0]]", #"["a"]"#, "0",
    ])
    func `what is no plan is refused by name`(text: String) throws {
        let error = #expect(throws: TrainingError.self) { try Recipe(json: Data(#"{"steps":\#(text)}"#.utf8)) }
        #expect("\(try #require(error))".contains("steps"))
    }
}
