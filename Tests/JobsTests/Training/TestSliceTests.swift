import Foundation
import Jobs
import Store
import Testing
import Training
import Volumes

@Suite(.timeLimit(.minutes(10))) struct TestSliceTests {
    private struct Result: Decodable { var heldout_iou: Double? }

    @Test func `test slices are never learnt from, and reports measure on them`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addAnnotatedVolume("kidney1")
            let place = SlicePosition(.z, 5)
            _ = try await fixture.store.setRole(volume: volume.id, at: place, .test)
            try await fixture.running {
                let job = try await fixture.end(of: fixture.train(steps: 20) { $0.name = "round1" })
                #expect(job.state == .succeeded, "\(job.error ?? "")")
                let model = try await fixture.store.model(project: fixture.project.id, name: "round1")
                #expect(model.heldOut == #"[{"axis":"z","index":5,"volume":"kidney1"}]"#)
                #expect(model.trainedOn?.contains(#""index":5"#) == false)
                let (rows, columns) = TrainingFixture.extent.slice(on: .z)
                let report = try await fixture.report("kidney1")
                #expect(report.heldout?.voxels == rows * columns)
                // The lines that other slices share with it are not learnt from either.
                let planes = 480 + 160 + 192 - (20 + 24 + 8) + 1
                #expect(report.training?.voxels == planes - (rows + columns - 1))
                let result = try JSONDecoder().decode(Result.self, from: Data((job.result ?? "").utf8))
                #expect(result.heldout_iou == report.heldout?.meanIoU)

                // What is annotated since does not count as held out where there are test slices.
                try await fixture.annotate(volume, .z, 7)
                #expect(try await fixture.report("kidney1").heldout == report.heldout)
            }
        }
    }

    @Test func `a model that has learnt from a test slice before is not measured on it`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addAnnotatedVolume("kidney1")
            try await fixture.running {
                try await fixture.end(of: fixture.train(steps: 2))
                _ = try await fixture.store.setRole(volume: volume.id, at: SlicePosition(.z, 5), .test)
                let report = try await fixture.report("kidney1")
                #expect(report.heldout == nil)
                #expect(report.warnings.contains { $0.hasPrefix("1 of 1 test slice was learned from before") })
                // A new start has not seen it.
                try await fixture.end(of: fixture.train(steps: 2) { $0.from = "scratch" })
                let fresh = try await fixture.report("kidney1")
                #expect(fresh.heldout != nil && !fresh.warnings.contains { $0.contains("test slices") })
            }
        }
    }

    @Test func `without a slice to learn from there is no training, and none is held out twice`() async throws {
        try await withTrainingFixture { fixture in
            let volume = try await fixture.addVolume("kidney1")
            try await fixture.annotate(volume, .z, 1)
            _ = try await fixture.store.setRole(volume: volume.id, at: SlicePosition(.z, 1), .test)
            func refusal(_ change: (inout TrainingRequest) -> Void) async -> String {
                var request = TrainingRequest()
                change(&request)
                do {
                    _ = try await fixture.queue.submit(.train(request), to: fixture.project)
                } catch {
                    return "\(error)"
                }
                return ""
            }
            #expect(await refusal { _ in }.contains("besides test slices"))
            #expect(await refusal { $0.volumes = ["kidney1"] }.contains("has only test slices"))
            await #expect(throws: JobError.self) {
                try await fixture.queue.submit(.experiment(ExperimentRequest(.crossvalidate)), to: fixture.project)
            }
            try await fixture.annotate(volume, .z, 2)
            let twice = Holdout.slices([VolumeSlice(volume: "kidney1", at: SlicePosition(.z, 1))])
            #expect(await refusal { $0.holdout = twice }.contains("is a test slice"))
        }
    }
}
