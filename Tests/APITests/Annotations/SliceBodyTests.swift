import Foundation
import HTTP
import JSON
import TestSupport
import Testing
import Volumes

/// What a slice may be sent as, and what is said of all else.
@Suite struct SliceBodyTests {
    private static let annotations = "/v1/projects/p/volumes/v/annotations"
    private static let slice = "\(annotations)?axis=z&index=1"
    private static let form: Headers = ["Content-Type": "application/x-www-form-urlencoded"]
    private static let labels: [UInt8] = (0..<48).map { UInt8($0 % 3) }

    /// The classes out, in and edge have the colours #e69f00, #56b4e9 and #009e73.
    private func furnished() async throws -> APIFixture {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        return fixture
    }

    /// A picture of the labels in colours.
    private func picture(_ colors: [String]) throws -> [UInt8] {
        let known = colors.compactMap(Color.init(hex:))
        return try PNG.encodeRGB(
            Self.labels.flatMap { label -> [UInt8] in
                let color = known[Int(label)]
                return [color.red, color.green, color.blue]
            }, rows: 6, columns: 8)
    }

    private func stored(_ fixture: APIFixture) async throws -> [UInt8] {
        try await fixture(.get, "\(Self.annotations)/z/1?format=raw").body
    }

    @Test func `colours are those of the classes or what values= says`() async throws {
        let fixture = try await furnished()
        let own = try picture(["#e69f00", "#56b4e9", "#009e73"])
        #expect(try await fixture(.post, Self.slice, own).status == 201)
        #expect(try await stored(fixture) == Self.labels)
        let other = try picture(["#000000", "#ff0000", "#00ff00"])
        let refused = try await fixture(.post, Self.slice, other)
        #expect(refused.status == 422 && refused.json["field"].string == "values")
        #expect(refused.detail.contains("#000000 at row 0, column 0"))
        #expect(refused.detail.contains("values=#000000:in"))
        let values = PercentEncoding.encode("#000000:out,#ff0000:in,#00ff00:edge")
        let mapped = try await fixture(.post, "\(Self.slice)&values=\(values)", other)
        #expect(mapped.status == 201, "\(mapped.text)")
        #expect(mapped.json["voxels"]["edge"].number == 16)
        let numbers = try await fixture(.post, "\(Self.slice)&values=0:out,1:in,2:edge", other)
        #expect(numbers.status == 422 && numbers.detail.contains("values=#ff0000:in"))
    }

    @Test func `gray values stored as colours are values`() async throws {
        let fixture = try await furnished()
        let gray = try picture(["#000000", "#010101", "#020202"])
        #expect(try await fixture(.post, Self.slice, gray).status == 201)
        #expect(try await stored(fixture) == Self.labels)
        let mapped = try await fixture(.post, "\(Self.slice)&values=0:edge,1:in,2:out", gray)
        #expect(mapped.status == 201)
        #expect(try await stored(fixture) == Self.labels.map { 2 - $0 })
    }

    @Test func `a palette whose colours are the classes' in another order is refused, and either meaning can be had`()
        async throws
    {
        let fixture = try await furnished()
        let shuffled = ["#009e73", "#e69f00", "#56b4e9"].compactMap(Color.init(hex:))
        let body = try PNG.encodePalette(Self.labels, rows: 6, columns: 8, palette: shuffled + [shuffled[0]])
        // Its unused index 255 is opaque, as other programs write it.
        let opaque = try #require(body.firstRange(of: Array("tRNS".utf8)))
        let foreign = Array(body[..<(opaque.lowerBound - 4)]) + Array(body[(opaque.upperBound + 256 + 4)...])
        let refused = try await fixture(.post, Self.slice, foreign)
        #expect(refused.status == 422 && refused.detail.contains("another order"), "\(refused.text)")
        let colors = PercentEncoding.encode("#e69f00:out,#56b4e9:in,#009e73:edge")
        #expect(try await fixture(.post, "\(Self.slice)&values=\(colors)", foreign).status == 201)
        #expect(try await stored(fixture) == Self.labels.map { [2, 0, 1][Int($0)] })
        #expect(try await fixture(.post, "\(Self.slice)&values=0:out,1:in,2:edge", foreign).status == 201)
        #expect(try await stored(fixture) == Self.labels)
    }

    @Test func `TIFF of any number type and wide arrays are mapped before they are narrowed`() async throws {
        let fixture = try await furnished()
        let wide: [Int16] = Self.labels.map { [0, 205, 420][Int($0)] }
        let header = VolumeHeader(extent: Extent(z: 1, y: 6, x: 8), element: .int16)
        let volume = try InMemoryVolume(header: header, values: wide)
        let query = "\(Self.slice)&values=0:out,205:in,420:edge"
        let tiff = try await fixture(.post, query, fixture.file(volume, as: .tiff))
        #expect(tiff.status == 201, "\(tiff.text)")
        #expect(try await stored(fixture) == Self.labels)
        let array = try await fixture(.post, "\(query)&author=a", fixture.file(volume, as: .npy))
        #expect(array.status == 201, "\(array.text)")
        let stack = try await fixture(.post, Self.slice, fixture.file(Samples.labels(), as: .tiff))
        #expect(stack.status == 422 && stack.detail.contains("4 pages"))
    }

    @Test func `a body that is transposed or fits another axis is told so`() async throws {
        let fixture = try await furnished()
        func detail(_ axis: String, _ rows: Int, _ columns: Int) async throws -> String {
            let body = try PNG.encodeGray([UInt8](repeating: 0, count: rows * columns), rows: rows, columns: columns)
            let reply = try await fixture(.post, "\(Self.annotations)?axis=\(axis)&index=1", body)
            #expect(reply.status == 422)
            return reply.detail
        }
        #expect(try await detail("z", 8, 6).hasSuffix("8×6 is transposed"))
        #expect(try await detail("z", 4, 8).hasSuffix("4×8 fits axis y"))
        #expect(try await detail("x", 6, 4).hasSuffix("6×4 is transposed"))
        let raw = try await fixture(.post, "\(Self.annotations)?axis=y&index=1", Self.labels)
        #expect(raw.detail.hasSuffix("6×8 fits axis z"))
        let wide = try await fixture(.post, Self.slice, [UInt8](repeating: 0, count: 96))
        #expect(wide.detail.contains("2 bytes for each pixel"))
    }

    @Test func `what curl makes of a file by mistake is told with the right call`() async throws {
        let fixture = try await furnished()
        let png = try PNG.encodeGray(Self.labels, rows: 6, columns: 8)
        let stripped = png.filter { ![0, 10, 13].contains($0) }
        let data = try await fixture(.post, Self.slice, headers: Self.form, stripped)
        #expect(data.status == 400 && data.detail.contains("--data-binary @FILE"))
        let short = try await fixture(.post, Self.slice, headers: Self.form, Self.labels.filter { $0 > 0 })
        #expect(short.status == 422 && short.detail.contains("--data-binary @FILE"))
        let name = try await fixture(.post, Self.slice, headers: Self.form, Array("slice.png".utf8))
        #expect(name.status == 400 && name.detail.contains("--data-binary @slice.png"))
        let parts = try await fixture(
            .post, Self.slice, headers: ["Content-Type": "multipart/form-data; boundary=x"], Array("--x".utf8))
        #expect(parts.status == 415 && parts.detail.contains("curl --data-binary @FILE"))
        let upload = try await fixture(.put, Self.slice, png)
        #expect(upload.status == 400 && upload.detail.contains("curl --data-binary @FILE"))
        let whole = try await fixture(.put, Self.annotations, png)
        #expect(whole.status == 415 && whole.detail.contains("POST"))
    }

    @Test(arguments: [
        ("a JPEG", [0xff, 0xd8, 0xff, 0xe0]), ("a GIF", Array("GIF89a".utf8)), ("a BMP", Array("BM12".utf8)),
        ("a gzip file", [0x1f, 0x8b, 8]), ("a text in JSON", Array("{\"shapes\":[]}\n".utf8)),
    ]) func `other formats are refused by name`(name: String, bytes: [UInt8]) async throws {
        let fixture = try await furnished()
        let reply = try await fixture(.post, Self.slice, bytes)
        #expect(reply.status == 415)
        #expect(reply.detail.contains(name) && reply.detail.contains("PNG"))
    }
}
