import Foundation
import JSON
import Jobs
import Store
import Testing
import Training
import Volumes

@Suite(.timeLimit(.minutes(10))) struct LineageTests {
    @Test func `what the models before have learnt counts as learnt, and their shape stays`() async throws {
        try await withTrainingFixture { fixture in
            _ = try await fixture.addAnnotatedVolume("kidney1")
            let other = try await fixture.addVolume("kidney2")
            try await fixture.annotate(other, .z, 3)
            try await fixture.running {
                try await fixture.end(
                    of: fixture.train(steps: 2) {
                        $0.name = "round1"
                        $0.volumes = ["kidney1"]
                    })
                let second = try await fixture.end(
                    of: fixture.train(steps: 2) {
                        $0.name = "round2"
                        $0.volumes = ["kidney2"]
                        $0.predict = ["kidney1"]
                        $0.recipe = .object(["base": .number(4), "batch": .number(1)])
                    })
                #expect(second.state == .succeeded, "\(second.error ?? "")")
                #expect(second.result?.contains("base of the recipe had no effect") == true)
                let report = try await fixture.report("kidney1")
                #expect(report.model == "round2" && report.training != nil && report.heldout == nil)
                // Nor does anybody if the list of its slices is damaged, which spoils no other model.
                _ = try await fixture.store.addModel(
                    project: fixture.project.id,
                    NewModel(
                        name: "damaged", classes: ["outside", "inside"], recipe: "{}", configuration: "{}",
                        heldOut: "{}", trainedOn: "[1]"), weights: Data([1]))
                #expect(try await fixture.report("kidney1").training == report.training)
                // Without that model nobody knows any more, and the report says so.
                try await fixture.store.deleteModel(project: fixture.project.id, name: "round1")
                let later = try await fixture.report("kidney1")
                #expect(later.heldout != nil && later.warnings.contains { $0.contains("round1 that this one comes") })
            }
        }
    }
}
