import HTTP
import JSON
import TestSupport
import Testing
import Volumes

/// Masks of 0 and 255, which 255 is unlabeled for here and the second class for most programs.
@Suite struct MaskTests {
    private static let place = "/v1/projects/p/volumes/v"
    private static let slice = "\(place)/annotations?axis=z&index=1"
    private static let mask: [UInt8] = (0..<48).map { $0 % 4 == 0 ? 255 : 0 }

    private func furnished(classes: String = #"{"name":"background"},{"name":"nucleus"}"#) async throws -> APIFixture {
        let fixture = try APIFixture()
        #expect(try await fixture(.put, "/v1/projects/p", "{\"classes\":[\(classes)]}").status == 201)
        #expect(try await fixture(.put, Self.place, fixture.file(Samples.image())).status == 201)
        return fixture
    }

    private func volume() throws -> InMemoryVolume { try Samples.labels { _, _, x in x < 4 ? 0 : 255 } }

    @Test func `a slice of 0 and 255 is refused with both remedies, and each of them works`() async throws {
        let fixture = try await furnished()
        for body in [
            Self.mask, try PNG.encodeGray(Self.mask, rows: 6, columns: 8),
            NPY.encode(rows: 6, columns: 8, values: Self.mask),
        ] {
            let reply = try await fixture(.post, Self.slice, body)
            #expect(reply.status == 422)
            #expect(reply.json["field"].string == "values")
            #expect(reply.detail.contains("values=0:background,255:nucleus"))
            #expect(reply.detail.contains("values=0:background,255:unlabeled"))
        }
        let nucleus = try await fixture(.post, "\(Self.slice)&values=0:background,255:nucleus", Self.mask)
        #expect(nucleus.status == 201)
        #expect(nucleus.json["voxels"]["nucleus"].number == 12)
        #expect(nucleus.json["unlabeled"].number == 0)
        let unlabeled = try await fixture(.post, "\(Self.slice)&values=0:background,255:unlabeled", Self.mask)
        #expect(unlabeled.json["voxels"]["unlabeled"].number == 12)
        #expect(unlabeled.json["unlabeled"].number == 12)
        // What is stored already is no accident.
        let back = try await fixture(.get, "\(Self.place)/annotations/z/1?format=npy")
        #expect(try await fixture(.post, Self.slice, back.body).status == 201)
    }

    @Test func `a slice of 255 alone is refused, a region of it clears`() async throws {
        let fixture = try await furnished()
        let reply = try await fixture(.post, Self.slice, [UInt8](repeating: 255, count: 48))
        #expect(reply.status == 422 && reply.detail.contains("values=255:nucleus"))
        let erased = try await fixture(.post, "\(Self.slice)&region=0,0,2,3", [UInt8](repeating: 255, count: 6))
        #expect(erased.status == 201)
        #expect(erased.json["unlabeled"].number == 6)
    }

    @Test func `masks of wider numbers are refused with a mapping of theirs`() async throws {
        let fixture = try await furnished()
        let mask = try Samples.labels { _, _, x in x < 4 ? 0 : 1 }
        let wide = try InMemoryVolume(
            header: mask.header.with(element: .uint16), values: mask.bytes.map { $0 == 0 ? 0 : UInt16(65_535) })
        let slice = try InMemoryVolume(
            header: VolumeHeader(extent: Extent(z: 1, y: 6, x: 8), element: .uint16),
            values: Self.mask.map { $0 == 0 ? 0 : UInt16(65_535) })
        let remedy = "values=0:background,65535:nucleus"
        let refused = try await fixture(.post, Self.slice, fixture.file(slice, as: .tiff))
        #expect(refused.status == 422 && refused.detail.contains(remedy))
        #expect(try await fixture(.post, "\(Self.slice)&\(remedy)", fixture.file(slice, as: .tiff)).status == 201)
        let told = try await fixture(.put, "\(Self.place)/truth", fixture.file(wide))
        #expect(told.status == 422 && told.detail.contains(remedy), "\(told.text)")
        #expect(try await fixture(.put, "\(Self.place)/truth?\(remedy)", fixture.file(wide)).status == 201)
        // 255 in bytes that have a sign, as in MRC.
        let signed = try InMemoryVolume(
            header: mask.header.with(element: .int8), values: mask.bytes.map { $0 == 0 ? 0 : Int8(-1) })
        let negative = try await fixture(.put, "\(Self.place)/annotations", fixture.file(signed))
        #expect(
            negative.status == 422 && negative.detail.contains("values=0:background,-1:nucleus"), "\(negative.text)")
    }

    @Test(arguments: ["truth", "annotations"]) func `a label volume of 0 and 255 is refused likewise`(
        call: String
    ) async throws {
        let fixture = try await furnished()
        let path = "\(Self.place)/\(call)"
        let refused = try await fixture(.put, path, fixture.file(volume()))
        #expect(refused.status == 422)
        #expect(refused.detail.contains("values=0:background,255:nucleus"))
        let taken = try await fixture(.put, "\(path)?values=0:background,255:nucleus", fixture.file(volume()))
        #expect(taken.status == 201)
        #expect(taken.json["unlabeled"].number == 0)
        let insisted = try await fixture(.put, "\(path)?values=0:background,255:unlabeled", fixture.file(volume()))
        #expect(insisted.status == 200 || insisted.status == 201)
        #expect(insisted.json["unlabeled"].number == 96)
    }

    @Test func `where 255 can only be unlabeled it is`() async throws {
        let single = try await furnished(classes: #"{"name":"nucleus"}"#)
        #expect(try await single(.post, Self.slice, Self.mask).json["unlabeled"].number == 12)
        let fixture = try await furnished()
        var three = Self.mask
        three[1] = 1
        #expect(try await fixture(.post, Self.slice, three).json["unlabeled"].number == 12)
        // In pictures like our own, index 255 is transparent.
        let own = try PNG.encodePalette(Self.mask, rows: 6, columns: 8, palette: Color.palette(2))
        #expect(try await fixture(.post, Self.slice, own).json["unlabeled"].number == 12)
    }
}
