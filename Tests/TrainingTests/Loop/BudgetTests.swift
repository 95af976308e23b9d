import Foundation
import Testing
import Training

@Suite struct BudgetTests {
    @Test func `whichever limit comes first counts`() {
        let budget = Budget(steps: 100, seconds: 10)
        #expect(budget.used(steps: 50, seconds: 1) == 0.5)
        #expect(budget.used(steps: 10, seconds: 9) == 0.9)
        #expect(budget.used(steps: 200, seconds: 0) == 1)
    }

    @Test(arguments: [#"{}"#, #"{"steps":0}"#, #"{"minutes":1}"#, #"{"seconds":"1"}"#, "3"])
    func `a budget that says nothing or nonsense is refused`(json: String) {
        #expect(throws: TrainingError.self) { try JSONDecoder().decode(Budget.self, from: Data(json.utf8)) }
    }

    @Test func `a budget survives JSON`() throws {
        let budget = Budget(steps: 3, seconds: 0.5)
        #expect(try JSONDecoder().decode(Budget.self, from: JSONEncoder().encode(budget)) == budget)
    }
}
