import Foundation
import HTTP
import JSON
import TestSupport
import Testing
import Volumes

/// Labels as segmentations of 3D Slicer, by the names of their segments, and labels in files of HDF5.
@Suite struct SegmentLabelsTests {
    private static let volume = "/v1/projects/p/volumes/v"

    private func furnished() async throws -> APIFixture {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        #expect(try await fixture(.put, "\(Self.volume)/truth", fixture.file(Samples.labels())).status == 201)
        return fixture
    }

    private func raw(_ fixture: APIFixture, _ what: String = "truth") async throws -> [UInt8] {
        try await fixture(.get, "\(Self.volume)/\(what)?format=raw").body
    }

    @Test func `labels go out as segments and come back the same, in whatever order the classes are by then`()
        async throws
    {
        let fixture = try await furnished()
        let file = try await fixture(.get, "\(Self.volume)/truth?format=seg.nrrd")
        #expect(file.status == 200 && file.headers["Content-Disposition"]?.contains("v-truth.seg.nrrd") == true)
        #expect(String(decoding: file.body, as: UTF8.self).contains("Segment1_Name:=in\n"))
        let before = try await raw(fixture)
        #expect(try await fixture(.put, "\(Self.volume)/truth", file.body).status == 200)
        #expect(try await raw(fixture) == before)
        let put = try await fixture(.put, "\(Self.volume)/annotations", file.body)
        #expect(put.status == 201 && put.json["voxels"]["edge"].number == 48)
        #expect(try await raw(fixture, "labels") == before)
        let other = try await fixture(
            .put, "/v1/projects/q", #"{"classes":[{"name":"edge"},{"name":"out"},{"name":"in"}]}"#)
        #expect(other.status == 201)
        #expect(try await fixture(.put, "/v1/projects/q/volumes/v", fixture.file(Samples.image())).status == 201)
        #expect(try await fixture(.put, "/v1/projects/q/volumes/v/truth", file.body).status == 201)
        let moved = try await fixture(.get, "/v1/projects/q/volumes/v/truth?format=raw")
        let expected = before.map { ($0 + 1) % 3 }
        #expect(moved.body == expected)
    }

    @Test func `a segment that is no class is refused with the remedy, one that no voxel has doesn't matter`()
        async throws
    {
        let fixture = try await furnished()
        let file = try await fixture(.get, "\(Self.volume)/truth?format=seg.nrrd").body
        let other = replacing("Segment2_Name:=edge", "Segment2_Name:=wall", in: file)
        let refused = try await fixture(.put, "\(Self.volume)/truth", other)
        #expect(refused.status == 422 && refused.json["field"].string == "values")
        #expect(refused.detail.contains("the segment \"wall\" (3) at z 0, y 0, x 6 is not a class"), "\(refused.text)")
        #expect(refused.detail.contains("values=0:unlabeled,1:in"))
        let mapped = try await fixture(
            .put, "\(Self.volume)/truth?values=0:unlabeled,1:out,2:in,3:unlabeled", other)
        #expect(mapped.status == 200 && mapped.json["unlabeled"].number == 48)
        let unused = replacing("Segment2_LabelValue:=3", "Segment2_LabelValue:=7", in: other)
        let stray = try await fixture(.put, "\(Self.volume)/truth", unused)
        #expect(stray.status == 422 && stray.detail.contains("the value 3 at"), "\(stray.text)")
        let voxels: [UInt8] = unused.suffix(192).map { $0 == 3 ? 0 : $0 }
        let empty = Array(unused.dropLast(192)) + voxels
        #expect(try await fixture(.put, "\(Self.volume)/truth", empty).status == 200)
    }

    @Test func `a number of several segments is none of them, unless they all are one class`() async throws {
        let fixture = try await furnished()
        let file = try await fixture(.get, "\(Self.volume)/truth?format=seg.nrrd").body
        let before = try await raw(fixture)
        let several = replacing(
            "Segment2_LabelValue",
            "Segment2_Flagged:=yes\nSegment3_Name:=wall\nSegment3_LabelValue:=3\nSegment2_LabelValue",
            in: file)
        let refused = try await fixture(.put, "\(Self.volume)/truth", several)
        #expect(refused.status == 422 && refused.json["field"].string == "values", "\(refused.text)")
        #expect(refused.detail.contains("the value 3, which is several segments (\"edge\", \"wall\"),"))
        let mapped = try await fixture(.put, "\(Self.volume)/truth?values=0:unlabeled,1:out,2:in,3:edge", several)
        #expect(mapped.status == 200, "\(mapped.text)")
        let named = replacing("Segment3_Name:=wall", "Segment3_Name:=edge", in: several)
        #expect(try await fixture(.put, "\(Self.volume)/truth", named).status == 200)
        #expect(try await raw(fixture) == before)
    }

    private func replacing(_ old: String, _ new: String, in file: [UInt8]) -> [UInt8] {
        let head = String(decoding: file.dropLast(192), as: UTF8.self)
        return Array(head.replacing(old, with: new).utf8) + file.suffix(192)
    }

    @Test func `layers with the same numbers go by names alone`() async throws {
        let fixture = try await furnished()
        let head = """
            NRRD0004
            type: unsigned char
            dimension: 4
            sizes: 2 8 6 4
            kinds: list domain domain domain
            encoding: raw
            Segment0_Name:=in
            Segment0_LabelValue:=1
            Segment0_Layer:=0
            Segment1_Name:=edge
            Segment1_LabelValue:=1
            Segment1_Layer:=1


            """
        // A third of the voxels each in the first layer, in the second, in none.
        let voxels: [[UInt8]] = (0..<192).map { [[1, 0], [0, 1], [0, 0]][$0 % 3] }
        let wanted: [UInt8] = (0..<192).map { [1, 2, 255][$0 % 3] }
        let file = Array(head.utf8) + voxels.joined()
        #expect(try await fixture(.put, "\(Self.volume)/truth", file).status == 200)
        #expect(try await raw(fixture) == wanted)
        let refused = try await fixture(.put, "\(Self.volume)/truth?values=0:unlabeled,1:in", file)
        #expect(refused.status == 422 && refused.detail.contains("several segments"), "\(refused.text)")
        let overlapping = Array(head.utf8) + [UInt8](repeating: 1, count: 384)
        let both = try await fixture(.put, "\(Self.volume)/truth", overlapping)
        #expect(both.status == 422 && both.detail.contains("overlap at z 0, y 0, x 0"), "\(both.text)")
    }

    @Test func `an image is no segmentation`() async throws {
        let fixture = try await furnished()
        let reply = try await fixture(.get, "\(Self.volume)/image?format=seg.nrrd")
        #expect(reply.status == 422 && reply.detail.contains("choose nrrd"), "\(reply.text)")
    }

    @Test func `datasets of HDF5 are volumes and labels`() async throws {
        let fixture = try await furnished()
        let file = [UInt8](try Data(contentsOf: TestFiles.fuzz.appending(path: "Corpus/hdf5/others.h5")))
        let place = "/v1/projects/p/volumes/h"
        let refused = try await fixture(.put, place, file)
        #expect(refused.status == 422 && refused.detail.contains("dataset=/"), "\(refused.text)")
        let put = try await fixture(.put, "\(place)?dataset=channels&unit=um", file)
        #expect(put.status == 201 && put.json["dtype"].string == "int16" && put.json["shape"]["c"].number == 2)
        #expect(try await fixture(.put, "\(place)/truth?dataset=mask", file).status == 201)
        let truth = try await fixture(.get, "\(place)/truth?format=raw")
        let mask = (0..<210).map { UInt8(truncatingIfNeeded: $0 * 7) % 2 }
        #expect(truth.body == mask)
        #expect(try await fixture(.put, "\(place)/annotations?dataset=/mask", file).status == 201)
        let none = try await fixture(.put, "\(place)/truth?dataset=mask", fixture.file(Samples.labels()))
        #expect(none.status == 422 && none.detail.contains("NIfTI"), "\(none.text)")
        let broken = try await fixture(.put, place + "2", Array(file.prefix(3000)))
        #expect(broken.status == 400 && broken.detail.contains("HDF5"), "\(broken.text)")
    }
}
