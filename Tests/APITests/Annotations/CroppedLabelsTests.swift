import HTTP
import JSON
import TestSupport
import Testing
import Volumes

/// Label files that are a part of their volume's grid, as 3D Slicer saves segmentations.
@Suite struct CroppedLabelsTests {
    private static let place = "/v1/projects/p/volumes/v"
    private static let box = Box(origin: Voxel(z: 1, y: 2, x: 3), extent: Extent(z: 2, y: 3, x: 4))

    private func furnished() async throws -> APIFixture {
        let fixture = try APIFixture()
        let image = try Samples.image()
        var header = image.header
        header.orientation = Orientation(affine: [0.5, 0, 0, 7, 0, 0.5, 0, -3, 0, 0, 2, 1, 0, 0, 0, 1])
        try await fixture.furnish(InMemoryVolume(header: header, bytes: image.bytes))
        return fixture
    }

    /// The header of a `.seg.nrrd` in LPS, with the first voxel of the box at its place.
    private func file(origin: String = "(-8.5,2,3)", values: (Int) -> UInt8 = { UInt8($0 % 3) }) -> [UInt8] {
        let head = """
            NRRD0004
            type: unsigned char
            dimension: 3
            space: left-posterior-superior
            sizes: 4 3 2
            space directions: (-0.5,0,0) (0,-0.5,0) (0,0,2)
            kinds: domain domain domain
            encoding: raw
            space origin: \(origin)
            Segment0_Name:=in
            Segmentation_ReferenceImageExtentOffset:=3 2 1


            """
        return Array(head.utf8) + (0..<24).map(values)
    }

    /// The volume's labels, unlabeled around the box.
    private var laid: [UInt8] {
        var values = [UInt8](repeating: 255, count: 192)
        for index in 0..<24 {
            values[((1 + index / 12) * 6 + 2 + index % 12 / 4) * 8 + 3 + index % 4] = UInt8(index % 3)
        }
        return values
    }

    @Test func `annotations of a part are laid there, the rest is unlabeled, and the answer tells`() async throws {
        let fixture = try await furnished()
        let far = [UInt8](repeating: 1, count: 48)
        #expect(try await fixture(.post, "\(Self.place)/annotations?axis=z&index=0", far).status == 201)
        let put = try await fixture(.put, "\(Self.place)/annotations", file())
        #expect(put.status == 201)
        #expect(put.json["outside"].number == 168 && put.json["unlabeled"].number == 0)
        #expect(put.json["voxels"]["out"].number == 8 && put.json["voxels"]["unlabeled"].number == 0)
        #expect(put.json["labelled"].number == 24 && put.json["erased"].number == 48)
        #expect(try await fixture(.get, "\(Self.place)/labels?format=raw").body == laid)
    }

    @Test func `a truth of a part is unlabeled elsewhere, which is not scored`() async throws {
        let fixture = try await furnished()
        let put = try await fixture(.put, "\(Self.place)/truth", file())
        #expect(put.status == 201 && put.json["outside"].number == 168 && put.json["unlabeled"].number == 0)
        #expect(try await fixture(.get, "\(Self.place)/truth?format=raw").body == laid)
        let whole = try await fixture(.put, "\(Self.place)/truth", fixture.file(Samples.labels(), as: .npy))
        #expect(whole.status == 200 && whole.json["outside"].number == 0)
    }

    @Test func `what is outside makes no mask of a part, and 255 inside does`() async throws {
        let fixture = try await furnished()
        let zeros = try await fixture(.put, "\(Self.place)/truth", file { _ in 0 })
        #expect(zeros.status == 201 && zeros.json["voxels"]["out"].number == 24)
        let mask = try await fixture(.put, "\(Self.place)/truth", file { $0 % 2 == 0 ? 0 : 255 })
        #expect(mask.status == 422 && mask.json["field"].string == "values")
    }

    @Test func `a part between voxels, or without a place, is refused with both places`() async throws {
        let fixture = try await furnished()
        let between = try await fixture(.put, "\(Self.place)/annotations", file(origin: "(-8.7,2,3)"))
        #expect(between.status == 422)
        #expect(between.detail.contains("4×6×8") && between.detail.contains("2×3×4"))
        #expect(between.detail.contains("first voxel at (8.7, -2, 3)") && between.detail.contains("(7, -3, 1)"))
        let unknown = try await fixture(.put, "\(Self.place)/annotations", file { $0 == 23 ? 9 : 0 })
        #expect(unknown.detail.contains("the value 9 at z 2, y 4, x 6"))
        let ignored = try await fixture(.put, "\(Self.place)/annotations?ignore-place=true", file())
        #expect(ignored.status == 422 && ignored.detail.contains("without ignore-place"))
    }
}
