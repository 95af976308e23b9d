import Foundation
import HTTP
import Store
import TestSupport
import Testing

@Suite struct PredictionMemoryTests {
    /// The widest and deepest network that there may be, whose weights take 1.2 TB.
    private static let network =
        #"{"channels":2,"classes":3,"base":256,"levels":7,"dimensions":3,"padding":"same","normalization":"batch"}"#

    @Test func `a prediction that can't fit the memory is refused with the numbers, as a job and as a slice`()
        async throws
    {
        let fixture = try APIFixture(work: nil)
        try await fixture.furnish(Samples.image())
        let project = try await fixture.store.project(named: "p")
        let huge = NewModel(
            name: "huge", classes: project.classes.map(\.name), recipe: "{}", configuration: Self.network)
        _ = try await fixture.store.addModel(project: project.id, huge, weights: Data([1]))
        let job = try await fixture(
            .post, "/v1/projects/p/jobs", #"{"kind":"predict","model":"huge","volumes":["v"]}"#)
        let slice = try await fixture(.get, "/v1/projects/p/volumes/v/prediction/slices/z/1?model=huge")
        for reply in [job, slice] {
            #expect(reply.status == 422)
            for word in ["predicting \"v\" needs at least", "weights of the network", "the server may use"] {
                #expect(reply.detail.contains(word), "\(reply.detail)")
            }
        }
        #expect(try await fixture.store.jobs(project: project.id).isEmpty)
    }
}
