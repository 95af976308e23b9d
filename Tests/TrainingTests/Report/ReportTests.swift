import Foundation
import Testing
import Training
import Volumes

@Suite struct ReportTests {
    @Test func `a hand-computed example`() throws {
        var matrix = ConfusionMatrix(classes: 3)
        // truth, prediction, times
        for (truth, prediction, times) in [(0, 0, 5), (0, 1, 2), (1, 1, 3), (1, 0, 1), (255, 1, 9), (1, 255, 1)] {
            for _ in 0..<times { matrix.count(truth: UInt8(truth), prediction: UInt8(prediction)) }
        }
        #expect(matrix.voxels == 12)
        #expect(matrix.rows == [[5, 2, 0], [1, 3, 0], [0, 0, 0]])
        #expect(matrix.truePositives(1) == 3)
        #expect(matrix.falsePositives(1) == 2)
        #expect(matrix.falseNegatives(1) == 2)
        #expect(matrix.iou(0) == 5.0 / 8)
        #expect(matrix.iou(1) == 3.0 / 7)
        #expect(matrix.dice(1) == 6.0 / 10)
        #expect(matrix.iou(2) == nil)
        #expect(matrix.meanIoU == (5.0 / 8 + 3.0 / 7) / 2)
    }

    @Test func `nothing scored has no mean`() {
        #expect(ConfusionMatrix(classes: 2).meanIoU == nil)
    }

    /// 4×4×4; the truth is 1 for x ≥ 2, the prediction for x ≥ 1.
    private func example() throws -> (prediction: InMemoryVolume, truth: InMemoryVolume) {
        let extent = Extent(z: 4, y: 4, x: 4)
        return (
            try Fixtures.volume(extent) { _, voxel in voxel.x >= 1 ? 1 : 0 },
            try Fixtures.volume(extent) { _, voxel in voxel.x >= 2 ? 1 : 0 }
        )
    }

    @Test func `voxels where the image is no number are not scored`() throws {
        let (prediction, truth) = try example()
        // Where the prediction is wrong, at x = 1, the image is no number.
        let numbers = (0..<64).map { $0 % 4 == 1 ? Float.nan : Float($0) }
        let header = VolumeHeader(channels: 1, extent: truth.header.extent, element: .float32, spacing: Spacing())
        let image = try InMemoryVolume(header: header, bytes: numbers.withUnsafeBytes { Array($0) })
        let slices = [try Fixtures.slice(.z, 0, of: truth)]
        let report = try Report.measure(
            model: "m", prediction: prediction, training: slices, heldOut: [try Fixtures.slice(.y, 3, of: truth)],
            truth: truth, of: image.ifNotFinite(ChannelStatistics.measure(image)), classes: ["a", "b"])
        for (scores, voxels) in [(report.training, 12), (report.heldout, 12), (report.truth, 27)] {
            #expect(scores?.voxels == voxels)
            #expect(scores?.meanIoU == 1)
        }
        #expect(try truth.ifNotFinite(ChannelStatistics.measure(truth)) == nil)
    }

    @Test func `crossing slices count each voxel once and the truth leaves annotated voxels out`() throws {
        let (prediction, truth) = try example()
        let slices = [try Fixtures.slice(.z, 0, of: truth), try Fixtures.slice(.x, 1, of: truth)]
        let report = try Report.measure(
            model: "m", prediction: prediction, training: slices, truth: truth, classes: ["a", "b"])
        let training = try #require(report.training)
        #expect(training.voxels == 16 + 12)
        // Class a: column x = 0 right on z = 0 (4), x = 1 wrong on both slices (4 + 12).
        #expect(training.classes[0].tp == 4 && training.classes[0].fn == 16 && training.classes[0].fp == 0)
        #expect(training.byAxis["z"]?.voxels == 12)
        #expect(training.byAxis["x"]?.voxels == 16)
        let dense = try #require(report.truth)
        #expect(dense.voxels == 64 - 28)
        #expect(dense.classes[0].iou == 1)
        #expect(dense.byDistance.reduce(0) { $0 + $1.part.voxels } == 36)
        #expect(report.heldout == nil)
    }

    @Test func `held-out slices are apart, with their distance from training`() throws {
        let (prediction, truth) = try example()
        let report = try Report.measure(
            model: "m", prediction: prediction, training: [Fixtures.slice(.z, 0, of: truth)],
            heldOut: [Fixtures.slice(.z, 3, of: truth)], truth: truth, classes: ["a", "b", "c"])
        let heldOut = try #require(report.heldout)
        #expect(heldOut.voxels == 16)
        #expect(heldOut.byDistance.map(\.from) == [3])
        #expect(heldOut.classes[2].iou == nil)
        #expect(heldOut.classes[2].reason != nil)
        #expect(heldOut.meanIoU == (4.0 / 8 + 8.0 / 12) / 2)
        #expect(report.truth?.voxels == 32)
    }

    @Test func `the JSON has the names of the interface and null for what is undefined`() throws {
        let (prediction, truth) = try example()
        let report = try Report.measure(
            model: "m", prediction: prediction, training: [Fixtures.slice(.z, 0, of: truth)], truth: nil,
            classes: ["a", "b", "c"])
        let data = try JSONEncoder().encode(report)
        let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(json["heldout"] is NSNull && json["truth"] is NSNull)
        let scores = try #require(json["training"] as? [String: Any])
        #expect(
            Set(scores.keys) == ["voxels", "classes", "mean_iou", "confusion", "by_axis", "by_distance"])
        let classes = try #require(scores["classes"] as? [[String: Any]])
        #expect(classes[2]["iou"] is NSNull && classes[2]["dice"] is NSNull)
        #expect(classes[2]["reason"] is String)
        #expect(Set(classes[0].keys) == ["name", "tp", "fp", "fn", "iou", "dice"])
        #expect(try JSONDecoder().decode(Report.self, from: data) == report)
    }
}
