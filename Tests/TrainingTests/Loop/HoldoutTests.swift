import Foundation
import Testing
import Training
import Volumes

@Suite struct HoldoutTests {
    private let extent = Extent(z: 6, y: 7, x: 8)

    private func slices() throws -> [AnnotatedSlice] {
        let truth = try Fixtures.volume(extent) { _, voxel in UInt8((voxel.z + voxel.y + voxel.x) % 3) }
        return try Fixtures.slices(2, of: truth)
    }

    @Test func `a held-out plane leaves nothing in training`() throws {
        let slices = try slices()
        let chosen = slices[3]
        let holdout = Holdout.slices([.init(volume: "a", at: chosen.position)])
        let (training, heldOut) = try holdout.split(slices, volume: "a", extent: extent)
        #expect(heldOut == [chosen])
        #expect(training.count == slices.count - 1)
        let header = VolumeHeader(extent: extent, element: .uint8)
        let merged = try SparseLabels(of: header, slices: training)
            .labels(Box(slice: chosen.position, of: extent))
        #expect(merged.allSatisfy { $0 == AnnotatedSlice.unlabeled })
        let labelled = training.reduce(0) { $0 + $1.values.count { $0 != AnnotatedSlice.unlabeled } }
        #expect(labelled < slices.reduce(0) { $0 + $1.values.count } - chosen.values.count)
    }

    @Test func `a fraction holds out whole slices, the same for the same seed`() throws {
        let slices = try slices()
        let one = try Holdout.fraction(0.34, seed: 1).split(slices, volume: "a", extent: extent)
        #expect(one.heldOut.count == 2)
        #expect(one.training.count == 4)
        #expect(one.heldOut.allSatisfy(slices.contains))
        let again = try Holdout.fraction(0.34, seed: 1).split(slices, volume: "a", extent: extent)
        #expect(one.heldOut == again.heldOut)
        let others = try (2..<12).map { seed in
            try Holdout.fraction(0.34, seed: seed).split(slices, volume: "a", extent: extent)
        }
        #expect(others.contains { $0.heldOut != one.heldOut })
    }

    @Test func `one slice alone is never held out by a fraction`() throws {
        let single = try Array(slices().prefix(1))
        #expect(try Holdout.fraction(0.9, seed: 1).split(single, volume: "a", extent: extent).heldOut.isEmpty)
    }

    @Test func `a slice that is not annotated can't be held out`() throws {
        let holdout = Holdout.slices([.init(volume: "a", at: SlicePosition(.z, 0))])
        #expect(throws: TrainingError.self) { try holdout.split(slices(), volume: "a", extent: extent) }
        #expect(throws: Never.self) { try holdout.split(slices(), volume: "b", extent: extent) }
    }

    @Test(
        arguments: [
            #"{}"#, #"{"fraction":2}"#, #"{"fraction":0.2,"slices":[]}"#, #"{"slices":[{"axis":"z","index":1}]}"#,
            #"{"slices":[{"volume":"a","axis":"t","index":1}]}"#, #"{"part":0.1}"#,
        ])
    func `nonsense is refused`(json: String) {
        #expect(throws: TrainingError.self) { try JSONDecoder().decode(Holdout.self, from: Data(json.utf8)) }
    }

    @Test func `both forms survive JSON`() throws {
        for holdout in [Holdout.fraction(0.25, seed: 4), .slices([.init(volume: "a", at: SlicePosition(.x, 3))])] {
            #expect(try JSONDecoder().decode(Holdout.self, from: JSONEncoder().encode(holdout)) == holdout)
        }
    }
}
