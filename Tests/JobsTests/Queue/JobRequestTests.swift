import Foundation
import JSON
import Jobs
import Testing
import Training

@Suite struct JobRequestTests {
    private func request(_ text: String) throws -> JobRequest { try JobRequest(json: Data(text.utf8)) }

    private func refusal(_ text: String) -> JobError? {
        do throws(JobError) {
            _ = try JobRequest(json: Data(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test func `a training needs nothing but its kind`() throws {
        #expect(try request(#"{"kind":"train"}"#) == .train(TrainingRequest()))
    }

    @Test func `every field of the contract is taken`() throws {
        let text = """
            {"kind":"train","volumes":["kidney1"],"from":"latest","holdout":{"fraction":0.2,"seed":1},
             "recipe":{"preset":"fast","seed":7},"budget":{"steps":2000,"seconds":120},"predict":[],"name":"round1"}
            """
        guard case .train(let training) = try request(text) else {
            Issue.record("no training")
            return
        }
        #expect(training.volumes == ["kidney1"])
        #expect(training.from == "latest")
        #expect(training.holdout == .fraction(0.2, seed: 1))
        #expect(training.recipe == .object(["preset": .string("fast"), "seed": .number(7)]))
        #expect(training.budget == Budget(steps: 2000, seconds: 120))
        #expect(training.predict == [])
        #expect(training.name == "round1")
    }

    @Test func `a request survives being stored as text`() throws {
        let texts = [
            #"{"kind":"predict","model":"round1","volumes":["kidney2"]}"#,
            #"{"kind":"train","holdout":{"slices":[{"volume":"a","axis":"z","index":3}]},"budget":{"seconds":0.5}}"#,
            #"{"kind":"train","from":"scratch","recipe":"fast","predict":["b"],"budget":{"steps":1}}"#,
            #"{"kind":"crossvalidate","folds":3,"variants":[{"norm":"batch"},{"norm":"none"},{"dimensions":2}]}"#,
            #"{"kind":"slices","counts":[1,2,4],"recipe":{"preset":"fast"},"volumes":["a"],"budget":{"seconds":9}}"#,
            #"{"kind":"transfer"}"#,
        ]
        for text in texts {
            let original = try request(text)
            #expect(try request(original.text()) == original)
        }
    }

    @Test func `null is the same as not given`() throws {
        #expect(try request(#"{"kind":"train","volumes":null,"budget":null}"#) == .train(TrainingRequest()))
    }

    @Test(arguments: [
        (#"{"kind":"train","epochs":3}"#, "epochs"),
        (#"{"kind":"train","budget":{"step":3}}"#, "budget.step"),
        (#"{"kind":"train","budget":{"steps":0}}"#, "budget.steps"),
        (#"{"kind":"train","budget":{"steps":1.5}}"#, "budget.steps"),
        (#"{"kind":"train","budget":{"steps":"10"}}"#, "budget.steps"),
        (#"{"kind":"train","budget":{"seconds":-1}}"#, "budget.seconds"),
        (#"{"kind":"train","budget":120}"#, "budget"),
        (#"{"kind":"train","volumes":"kidney1"}"#, "volumes"),
        (#"{"kind":"train","volumes":["a","a"]}"#, "volumes"),
        (#"{"kind":"train","volumes":[1]}"#, "volumes"),
        (#"{"kind":"train","holdout":{}}"#, "holdout"),
        (#"{"kind":"train","holdout":{"fraction":1}}"#, "holdout.fraction"),
        (#"{"kind":"train","holdout":{"fraction":0.5,"slices":[]}}"#, "holdout"),
        (#"{"kind":"train","holdout":{"slices":[{"volume":"a","axis":"t","index":0}]}}"#, "holdout.slices[0].axis"),
        (#"{"kind":"train","holdout":{"slices":[{"volume":"a","axis":"z","index":-1}]}}"#, "holdout.slices[0].index"),
        (#"{"kind":"train","name":"../x"}"#, "name"),
        (#"{"kind":"train","name":"latest"}"#, "name"),
        (#"{"kind":"train","from":true}"#, "from"),
        (#"{"kind":"train","recipe":"best"}"#, "recipe"),
        (#"{"kind":"train","recipe":5}"#, "recipe"),
        (#"{"kind":"train","recipe":{"pooling":[[3,1,1]]}}"#, "recipe.pooling"),
        (#"{"kind":"train","recipe":{"base":16,"depth":4}}"#, "recipe.depth"),
        (#"{"kind":"train","recipe":{"patch":{"z":8,"y":8}}}"#, "recipe.patch.x"),
        (#"{"kind":"predict","from":"x"}"#, "from"),
        (#"{"kind":"paint"}"#, "kind"),
        (#"{"kind":"presets"}"#, "kind"),
        (#"{"kind":"crossvalidate","folds":1}"#, "folds"),
        (#"{"kind":"crossvalidate","folds":"3"}"#, "folds"),
        (#"{"kind":"crossvalidate","counts":[1]}"#, "counts"),
        (#"{"kind":"crossvalidate","variants":{"norm":"none"}}"#, "variants"),
        (#"{"kind":"crossvalidate","variants":[{"norm":"good"}]}"#, "variants[0].norm"),
        (#"{"kind":"crossvalidate","variants":[{"norm":"batch"},{"norm":"batch"}]}"#, "variants[1]"),
        (#"{"kind":"crossvalidate","recipe":"best"}"#, "recipe.preset"),
        (#"{"kind":"slices","counts":[]}"#, "counts"),
        (#"{"kind":"slices","counts":[0]}"#, "counts"),
        (#"{"kind":"slices","counts":[1,1]}"#, "counts"),
        (#"{"kind":"slices","folds":3}"#, "folds"),
        (#"{"kind":"transfer","budget":{"step":3}}"#, "budget.step"),
        (#"{"kind":"transfer","name":"x"}"#, "name"),
        (#"{"volumes":[]}"#, "kind"),
    ])
    func `what is wrong is refused by the field's name`(text: String, field: String) {
        guard case .invalid(let name, let detail) = refusal(text) else {
            Issue.record("\(text) was not refused as invalid")
            return
        }
        #expect(name == field)
        #expect(!detail.isEmpty)
    }

    @Test(arguments: ["", "{", "[]", "3", #""train""#])
    func `what is no object is malformed`(text: String) {
        guard case .malformed = refusal(text) else {
            Issue.record("\(text) was not refused as malformed")
            return
        }
    }

    @Test func `a kind that isn't there says which kinds there are`() {
        let words = refusal(#"{"kind":"paint"}"#)?.description
        #expect(words?.contains("train, predict, crossvalidate, slices, transfer") == true)
    }
}
