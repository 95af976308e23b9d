import Foundation
import HTTP
import JSON
import TestSupport
import Testing
import Volumes

@Suite struct MONAILabelTests {
    private static let extent = MONAIWorld.extent
    /// As 3D Slicer sends it, whose segments are numbered in their order.
    private static let info = #"[{"name": "in", "idx": 1}, {"name": "edge", "idx": 2}]"#

    /// A body that touches neither the first nor the last planes.
    private static func isBody(_ z: Int, _ y: Int, _ x: Int) -> Bool {
        (2...9).contains(z) && (3...10).contains(y) && (4...12).contains(x)
    }

    /// What is expected at each voxel.
    private static func expected(_ value: (Int, Int, Int) -> UInt8) throws -> [UInt8] {
        try MONAIWorld.labels(value).bytes
    }

    @Test func `values go to classes by their names, in whatever order`() async throws {
        let world = try await MONAIWorld()
        let labels = try MONAIWorld.labels { z, y, x in Self.isBody(z, y, x) ? (x == 4 ? 2 : 1) : 0 }
        let reply = try await world.submit(labels, as: Self.info)
        #expect(reply.status == 200, "\(reply.text)")
        #expect(reply.json["image"].string == "v")
        #expect(reply.json["label"].string == "v")
        #expect(reply.json["axis"].string == "z")
        #expect(reply.json["slices"].number == 8)
        let wanted = try Self.expected { z, y, x in
            (2...9).contains(z) ? (Self.isBody(z, y, x) ? (x == 4 ? 0 : 2) : 1) : 255
        }
        #expect(try await world.annotations() == wanted)
        // Once more changes nothing.
        #expect(try await world.submit(labels, as: Self.info).json["change"] == .null)
    }

    @Test(arguments: [Axis.z, .y, .x])
    func `single slices are found on their axis, and taken whole`(_ axis: Axis) async throws {
        let world = try await MONAIWorld()
        let isPainted = { (z: Int, y: Int, x: Int) in
            [3, 4, 8].contains(axis == .z ? z : axis == .y ? y : x)
        }
        let labels = try MONAIWorld.labels { z, y, x in
            isPainted(z, y, x) && (2...10).contains(z) && (2...11).contains(y) && (2...13).contains(x) ? 1 : 0
        }
        let reply = try await world.submit(labels, as: Self.info)
        #expect(reply.json["axis"].string == axis.rawValue, "\(reply.text)")
        #expect(reply.json["slices"].number == 3)
        let wanted = try Self.expected { z, y, x in
            guard isPainted(z, y, x) else { return 255 }
            return (2...10).contains(z) && (2...11).contains(y) && (2...13).contains(x) ? 2 : 1
        }
        #expect(try await world.annotations() == wanted)
    }

    @Test func `slices on two axes at once are refused, with what to do`() async throws {
        let world = try await MONAIWorld()
        let labels = try MONAIWorld.labels { z, y, x in z == 5 || y == 7 ? 1 : 0 }
        let reply = try await world.submit(labels, as: Self.info)
        #expect(reply.status == 422)
        #expect(reply.detail.contains("one axis at a time"))
        #expect(try await world.annotations().allSatisfy { $0 == 255 })
        let told = try await world.submit(
            labels, as: #"[{"name": "unlabeled", "idx": 0}, {"name": "in", "idx": 1}]"#)
        #expect(told.status == 200, "\(told.text)")
        #expect(try await world.annotations() == Self.expected { z, y, _ in z == 5 || y == 7 ? 2 : 255 })
    }

    @Test func `what 0 is can be said, and a painted background says it too`() async throws {
        let body = { (z: Int, y: Int, x: Int) -> UInt8 in Self.isBody(z, y, x) ? 1 : 0 }
        let dense = try await MONAIWorld()
        let labels = try MONAIWorld.labels(body)
        let reply = try await dense.submit(labels, as: #"[{"name": "background", "idx": 0}, {"name": "in", "idx": 1}]"#)
        #expect(reply.json["slices"] == .null, "\(reply.text)")
        #expect(try await dense.annotations() == Self.expected { Self.isBody($0, $1, $2) ? 2 : 1 })
        let sparse = try await MONAIWorld()
        let painted = try MONAIWorld.labels { z, y, x in z == 3 ? 2 : body(z, y, x) }
        _ = try await sparse.submit(painted, as: #"[{"name": "in", "idx": 1}, {"name": "background", "idx": 2}]"#)
        #expect(
            try await sparse.annotations()
                == Self.expected { z, y, x in z == 3 ? 1 : Self.isBody(z, y, x) ? 2 : 255 })
        // Without a class for it, 0 is nothing.
        let other = try await MONAIWorld(classes: #"[{"name":"ground"},{"name":"in"}]"#)
        _ = try await other.submit(labels, as: #"[{"name": "in", "idx": 1}]"#)
        #expect(try await other.annotations() == Self.expected { Self.isBody($0, $1, $2) ? 1 : 255 })
    }

    @Test func `a segment named unlabeled takes its voxels out of their slices`() async throws {
        let world = try await MONAIWorld()
        let labels = try MONAIWorld.labels { z, y, x in x < 2 ? 3 : Self.isBody(z, y, x) ? 1 : 0 }
        let reply = try await world.submit(
            labels, as: #"[{"name": "in", "idx": 1}, {"name": "edge", "idx": 2}, {"name": "unlabeled", "idx": 3}]"#)
        #expect(reply.status == 200, "\(reply.text)")
        #expect(
            try await world.annotations()
                == Self.expected { z, y, x in
                    x < 2 || !(2...9).contains(z) ? 255 : Self.isBody(z, y, x) ? 2 : 1
                })
    }

    @Test func `what others annotated stays where the file says nothing`() async throws {
        let world = try await MONAIWorld()
        _ = try await world.submit(try MONAIWorld.labels { z, _, x in z == 1 && x > 5 ? 1 : 0 }, as: Self.info)
        _ = try await world.submit(try MONAIWorld.labels { z, y, _ in z == 8 && y > 5 ? 2 : 0 }, as: Self.info)
        #expect(
            try await world.annotations()
                == Self.expected { z, y, x in
                    switch z {
                    case 1: x > 5 ? 2 : 1
                    case 8: y > 5 ? 0 : 1
                    default: 255
                    }
                })
    }

    @Test func `a file cropped to its segments, as 3D Slicer exports them, is laid where it belongs`() async throws {
        let world = try await MONAIWorld()
        var header = try MONAIWorld.labels { _, _, _ in 0 }.header
        let box = Box(origin: Voxel(z: 2, y: 3, x: 4), extent: Extent(z: 8, y: 8, x: 9))
        header.extent = box.extent
        var affine = MONAIWorld.affine
        for (row, steps) in [box.origin.x, box.origin.y, box.origin.z].enumerated() {
            affine[row * 4 + 3] += affine[row * 5] * Double(steps)
        }
        header.orientation = Orientation(affine: affine)
        let cropped = try InMemoryVolume(header: header, bytes: [UInt8](repeating: 1, count: box.extent.voxels))
        let reply = try await world.submit(cropped, as: Self.info)
        #expect(reply.status == 200, "\(reply.text)")
        #expect(
            try await world.annotations()
                == Self.expected { z, y, x in Self.isBody(z, y, x) ? 2 : (2...9).contains(z) ? 1 : 255 })
    }

    @Test func `names that are no classes, other sizes and values without a name are refused`() async throws {
        let world = try await MONAIWorld()
        let labels = try MONAIWorld.labels { z, y, x in Self.isBody(z, y, x) ? 1 : 0 }
        let unknown = try await world.submit(labels, as: #"[{"name": "Segment_1", "idx": 1}]"#)
        #expect(unknown.status == 422)
        #expect(unknown.json["field"].string == "label_info")
        #expect(unknown.detail.contains(#""Segment_1" is not a class of this project; its classes are "edge""#))
        #expect(unknown.detail.contains("Rename the segment"))
        let value = try await world.submit(
            try MONAIWorld.labels { z, y, x in Self.isBody(z, y, x) ? 7 : 0 }, as: Self.info)
        #expect(value.status == 422)
        #expect(value.detail.contains("has the value 7"))
        let size = try await world.submit(try Samples.labels(), as: Self.info)
        #expect(size.status == 422, "\(size.text)")
        #expect(size.detail.contains("the image v is 12×14×16 (z×y×x); the label file is 4×6×8"))
        let twice = #"[{"name": "in", "idx": 1}, {"name": "edge", "idx": 1}]"#
        for info in ["3", #"[{"idx": 1}]"#, #"[{"name": "in", "idx": 1.5}]"#, twice] {
            #expect(try await world.submit(labels, as: info).status == 422, "\(info)")
        }
        let empty = try await world.submit(try MONAIWorld.labels { _, _, _ in 0 }, as: Self.info)
        #expect(empty.status == 422)
        #expect(empty.detail.contains("says nothing"))
        #expect(try await world.submit(labels, as: Self.info, tag: "&tag=original").status == 422)
        #expect(try await world.client.send(.put, "/datastore/label?image=none").status == 404)
        #expect(try await world.client.send(.put, "/datastore/label?image=v").status == 400)
        #expect(try await world.client.send(.put, "/datastore/label").status == 422)
        #expect(try await world.annotations().allSatisfy { $0 == 255 })
    }

    /// A segmentation of 3D Slicer: a label map with lines in its header.
    private static func segmentation(_ world: MONAIWorld, _ lines: [String]) throws -> [UInt8] {
        let labels = try MONAIWorld.labels { z, y, x in isBody(z, y, x) ? (x == 4 ? 2 : 1) : 0 }
        let nrrd = try world.fixture.file(labels, as: .nrrd)
        let end = try #require(nrrd.indices.first { nrrd[$0...].starts(with: Array("\n\n".utf8)) })
        return Array(nrrd[..<end]) + Array(lines.map { "\n\($0)" }.joined().utf8) + Array(nrrd[end...])
    }

    private static func submit(
        _ world: MONAIWorld, _ lines: [String], info: String = #"[{"name": "edge", "idx": 1}]"#
    ) async throws -> Reply {
        try await world.client.send(
            .put, "/datastore/label?image=v", params: #"{"label_info": \#(info), "model": ""}"#,
            .init(field: "label", name: "/tmp/x.seg.nrrd", bytes: segmentation(world, lines)))
    }

    private static func segment(_ index: Int, _ name: String, _ value: Int) -> [String] {
        ["Segment\(index)_ID:=s\(index)", "Segment\(index)_Name:=\(name)", "Segment\(index)_LabelValue:=\(value)"]
    }

    @Test func `segments of a segmentation of 3D Slicer go by their own names`() async throws {
        let world = try await MONAIWorld()
        // What label_info counts would be another class.
        let lines = Self.segment(0, "background", 3) + Self.segment(1, "edge", 2) + Self.segment(2, "in", 1)
        let reply = try await Self.submit(world, lines)
        #expect(reply.status == 200, "\(reply.text)")
        #expect(reply.json["axis"].string == "z" && reply.json["slices"].number == 8)
        let wanted = try Self.expected { z, y, x in
            (2...9).contains(z) ? (Self.isBody(z, y, x) ? (x == 4 ? 0 : 2) : 1) : 255
        }
        #expect(try await world.annotations() == wanted)
        let file = try await world.client.get("/datastore/label?label=v&tag=final&format=seg.nrrd")
        #expect(file.status == 200, "\(file.text)")
        #expect(try await world.client.delete("/datastore/label?id=v&tag=final").status == 200)
        let back = try await world.client.send(
            .put, "/datastore/label?image=v", .init(field: "label", bytes: file.body))
        #expect(back.status == 200, "\(back.text)")
        #expect(try await world.annotations() == wanted)
    }

    @Test func `segments of a segmentation that can't be told are refused`() async throws {
        let world = try await MONAIWorld()
        let cases: [([String], Int, String)] = [
            (Self.segment(0, "lung", 1) + Self.segment(1, "in", 2), 422, "\"lung\" is not a class"),
            (Self.segment(0, "in", 1), 422, "the number 2, which is no segment's"),
            (
                Self.segment(0, "in", 1) + Self.segment(1, "edge", 1) + Self.segment(2, "in", 2), 422,
                "several segments, \"in\", \"edge\""
            ),
            (["Segment0_ID:=s0", "Segment0_Name:=in"], 415, "gives its segments no numbers"),
        ]
        for (lines, status, detail) in cases {
            let reply = try await Self.submit(world, lines)
            #expect(reply.status == status && reply.detail.contains(detail), "\(reply.text)")
        }
        #expect(try await world.annotations().allSatisfy { $0 == 255 })
        // A segment that no voxel is in may be called as it likes, and of "ignore" nothing is said.
        let lines = Self.segment(0, "in", 1) + Self.segment(1, "ignore", 2) + Self.segment(2, "lung", 7)
        #expect(try await Self.submit(world, lines).status == 200)
        let wanted = try Self.expected { z, y, x in
            (2...9).contains(z) ? (Self.isBody(z, y, x) ? (x == 4 ? 255 : 2) : 1) : 255
        }
        #expect(try await world.annotations() == wanted)
    }

    @Test func `a segment that 3D Slicer left out is not counted, and doubt is refused`() async throws {
        // The background was the first segment: the file's values begin with 1, those of label_info with 2.
        let info = #"[{"name": "in", "idx": 2}, {"name": "edge", "idx": 3}]"#
        let world = try await MONAIWorld()
        let both = try MONAIWorld.labels { z, y, x in Self.isBody(z, y, x) ? (x == 4 ? 2 : 1) : 0 }
        #expect(try await world.submit(both, as: info).status == 200)
        let labels = try await world.annotations()
        #expect(Set(labels) == [0, 1, 2, 255])
        let place = (5 * Self.extent.y + 5) * Self.extent.x
        #expect(labels[place + 4] == 0 && labels[place + 5] == 2)
        let told = try MONAIWorld.labels { z, y, x in Self.isBody(z, y, x) ? 3 : 0 }
        let other = try await MONAIWorld()
        #expect(try await other.submit(told, as: info).status == 200)
        #expect(try await other.annotations()[place + 5] == 0)
        let doubtful = try MONAIWorld.labels { z, y, x in Self.isBody(z, y, x) ? 2 : 0 }
        let reply = try await other.submit(doubtful, as: info)
        #expect(reply.status == 422)
        #expect(reply.detail.contains("by idx 2 is in, and by the order of its names"))
        // Whoever is not 3D Slicer means what idx says.
        #expect(try await other.submit(doubtful, as: info, also: #""by": "a script""#).status == 200)
        #expect(try await other.annotations()[place + 5] == 2)
    }

    @Test func `labels come in the values that info tells, and go back in without label_info`() async throws {
        let world = try await MONAIWorld()
        #expect(try await world.client.get("/datastore/label?label=v&tag=final").status == 404)
        let labels = try MONAIWorld.labels { z, y, x in Self.isBody(z, y, x) ? (x == 4 ? 2 : 1) : 0 }
        _ = try await world.submit(labels, as: Self.info)
        let file = try await world.client.get("/datastore/label?label=v&tag=final")
        #expect(file.headers["Content-Disposition"] == #"attachment; filename="v.nii.gz""#)
        let values = try InMemoryVolume(copyOf: world.fixture.volume(file.body)).bytes
        let wanted = try Self.expected { z, y, x in
            (2...9).contains(z) ? (Self.isBody(z, y, x) ? (x == 4 ? 1 : 2) : 0) : 255
        }
        #expect(values == wanted)
        let before = try await world.annotations()
        #expect(try await world.client.delete("/datastore/label?id=v&tag=final").status == 200)
        #expect(try await world.annotations().allSatisfy { $0 == 255 })
        let back = try await world.client.send(
            .put, "/datastore/label?image=v", .init(field: "label", bytes: file.body))
        #expect(back.status == 200, "\(back.text)")
        #expect(try await world.annotations() == before)
        let info = try await world.client.get("/datastore/label/info?label=v").json["label_info"]
        #expect(info[0]["name"].string == "background" && info[0]["idx"].number == 0)
        #expect(info[3]["name"].string == "unlabeled" && info[3]["idx"].number == 255)
    }

    @Test func `a mask of 0 and 255 is refused until label_info says what 255 is`() async throws {
        let world = try await MONAIWorld()
        let mask = try MONAIWorld.labels { z, y, x in Self.isBody(z, y, x) ? 255 : 0 }
        let full = try MONAIWorld.labels { _, _, _ in 255 }
        for labels in [mask, full] {
            let refused = try await world.submit(labels, as: nil)
            #expect(refused.status == 422 && refused.json["field"].string == "label_info", "\(refused.text)")
            #expect(refused.detail.contains(#"{"name": "edge", "idx": 255}"#))
            #expect(refused.detail.contains(#"{"name": "unlabeled", "idx": 255}"#))
        }
        let ground = #"{"name": "background", "idx": 0}"#
        let taken = try await world.submit(mask, as: #"[\#(ground), {"name": "edge", "idx": 255}]"#)
        #expect(taken.status == 200, "\(taken.text)")
        #expect(try await world.annotations() == Self.expected { Self.isBody($0, $1, $2) ? 0 : 1 })
        let other = try await MONAIWorld()
        let told = try await other.submit(mask, as: #"[\#(ground), {"name": "unlabeled", "idx": 255}]"#)
        #expect(told.status == 200, "\(told.text)")
        let sparse = try Self.expected { Self.isBody($0, $1, $2) ? 255 : 1 }
        #expect(try await other.annotations() == sparse)
        // What came from here goes back.
        let file = try await other.client.get("/datastore/label?label=v&tag=final")
        let back = try await other.client.send(
            .put, "/datastore/label?image=v", .init(field: "label", bytes: file.body))
        #expect(back.status == 200 && back.json["change"] == .null, "\(back.text)")
    }
}
