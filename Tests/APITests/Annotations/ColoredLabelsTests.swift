import Foundation
import HTTP
import JSON
import TestSupport
import Testing
import Volumes

/// Label volumes in colours, with a palette or of single bits.
@Suite struct ColoredLabelsTests {
    private static let truth = "/v1/projects/p/volumes/v/truth"
    private static let labels: [UInt8] = (0..<192).map { UInt8($0 / 5 % 3) }
    private static let own = ["#e69f00", "#56b4e9", "#009e73"]

    private func furnished() async throws -> APIFixture {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image())
        return fixture
    }

    private func samples(_ colors: [String], opacity: [UInt8] = []) -> [[UInt8]] {
        let known = colors.compactMap(Color.init(hex:))
        return Self.labels.map { label in
            let color = known[Int(label)]
            return [color.red, color.green, color.blue] + (opacity.isEmpty ? [] : [opacity[Int(label)]])
        }
    }

    /// NRRD as ITK writes colours, side by side.
    private func nrrd(_ samples: [[UInt8]]) -> [UInt8] {
        let head = """
            NRRD0004
            type: unsigned char
            dimension: 4
            sizes: \(samples[0].count) 8 6 4
            kinds: \(samples[0].count == 3 ? "RGB-color" : "RGBA-color") domain domain domain
            encoding: raw


            """
        return Array(head.utf8) + samples.joined()
    }

    /// A TIFF of four pages, each a strip.
    private func tiff(_ pages: [[UInt8]], _ fields: [(tag: Int, numbers: [Int])]) -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        var bytes = Array("II".utf8) + number(42, 2) + number(8 + pages.joined().count, 4) + pages.joined()
        var start = 8
        for (index, page) in pages.enumerated() {
            let all =
                fields + [
                    (256, [8]), (257, [6]), (259, [1]), (273, [start]), (278, [6]), (279, [page.count]), (339, [1]),
                ]
            start += page.count
            let end = bytes.count + 2 + all.count * 12 + 4
            var (entries, extras) = (number(all.count, 2), [UInt8]())
            for (tag, numbers) in all.sorted(by: { $0.0 < $1.0 }) {
                entries += number(tag, 2) + number(4, 2) + number(numbers.count, 4)
                let content = numbers.flatMap { number($0, 4) }
                entries += numbers.count == 1 ? content : number(end + extras.count, 4)
                extras += numbers.count == 1 ? [] : content
            }
            bytes += entries + number(index + 1 < pages.count ? end + extras.count : 0, 4) + extras
        }
        return bytes
    }

    private func pages(_ values: [UInt8], of size: Int) -> [[UInt8]] {
        stride(from: 0, to: values.count, by: size).map { Array(values[$0..<$0 + size]) }
    }

    private func stored(_ fixture: APIFixture) async throws -> [UInt8] {
        try await fixture(.get, "\(Self.truth)?format=raw").body
    }

    @Test func `colours are those of the classes or what values= says`() async throws {
        let fixture = try await furnished()
        let colored = samples(Self.own)
        let stack = tiff(
            pages(colored.flatMap(\.self), of: 144), [(258, [8, 8, 8]), (262, [2]), (277, [3]), (284, [1])])
        for file in [nrrd(colored), stack] {
            let put = try await fixture(.put, Self.truth, file)
            #expect(put.status < 300, "\(put.text)")
            #expect(try await stored(fixture) == Self.labels)
            #expect(try await fixture(.delete, Self.truth).status == 204)
        }
        let other = nrrd(samples(["#000000", "#ff0000", "#00ff00"]))
        let refused = try await fixture(.put, Self.truth, other)
        #expect(refused.status == 422 && refused.json["field"].string == "values")
        #expect(refused.detail.contains("#000000 at z 0, y 0, x 0"))
        let values = PercentEncoding.encode("#000000:out,#ff0000:in,#00ff00:edge")
        let put = try await fixture(.put, "/v1/projects/p/volumes/v/annotations?values=\(values)", other)
        #expect(put.status == 201 && put.json["labelled"].number == 192, "\(put.text)")
        let numbers = try await fixture(.put, "\(Self.truth)?values=0:out,1:in,2:edge", other)
        #expect(numbers.status == 422 && numbers.detail.contains("values=#ff0000:in"))
    }

    @Test func `transparent voxels are unlabeled, half-transparent ones refused, and gray colours are numbers`()
        async throws
    {
        let fixture = try await furnished()
        let clear = samples(Self.own, opacity: [255, 0, 255])
        let stack = tiff(
            pages(clear.flatMap(\.self), of: 192), [(258, [8, 8, 8, 8]), (262, [2]), (277, [4]), (284, [1])])
        for file in [nrrd(clear), stack] {
            let put = try await fixture(.put, Self.truth, file)
            #expect(put.status < 300 && put.json["unlabeled"].number == Double(Self.labels.count { $0 == 1 }))
            #expect(try await stored(fixture) == Self.labels.map { $0 == 1 ? 255 : $0 })
        }
        let half = try await fixture(.put, Self.truth, nrrd(samples(Self.own, opacity: [255, 9, 255])))
        #expect(half.status == 422 && half.detail.contains("half-transparent"), "\(half.text)")
        let grays = nrrd(samples(["#000000", "#010101", "#020202"]))
        #expect(try await fixture(.put, Self.truth, grays).status < 300)
        #expect(try await stored(fixture) == Self.labels)
        let mask = try await fixture(.put, Self.truth, nrrd(samples(["#000000", "#ffffff", "#000000"])))
        #expect(mask.status == 422 && mask.detail.contains("values=0:out,255:in"))
        let mapped = try await fixture(
            .put, "\(Self.truth)?values=0:out,255:in", nrrd(samples(["#000000", "#ffffff", "#000000"])))
        #expect(mapped.status == 200)
        #expect(try await stored(fixture) == Self.labels.map { $0 % 2 })
    }

    @Test func `channels that are no colours are refused`() async throws {
        let fixture = try await furnished()
        let two = try InMemoryVolume(
            header: VolumeHeader(channels: 2, extent: Samples.extent, element: .uint8),
            bytes: Self.labels + Self.labels)
        let reply = try await fixture(.put, Self.truth, fixture.file(two, as: .nifti))
        #expect(reply.status == 422 && reply.detail.contains("2 of uint8"), "\(reply.text)")
        // As many as a colour has, but layers of segments.
        let layers = String(decoding: nrrd(samples(["#000000", "#010000", "#000100"])), as: UTF8.self)
        let file = Array(layers.replacing("RGB-color", with: "list").utf8)
        let refused = try await fixture(.put, Self.truth, file)
        #expect(refused.status == 422 && refused.detail.contains("3 layers"), "\(refused.text)")
    }

    @Test func `a palette's indices are classes, its colours count where values= names them`() async throws {
        let fixture = try await furnished()
        func palette(_ colors: [String]) -> [UInt8] {
            let known = colors.compactMap(Color.init(hex:))
            let parts = [known.map(\.red), known.map(\.green), known.map(\.blue)]
            let table = parts.flatMap { part in (0..<256).map { $0 < part.count ? Int(part[$0]) * 257 : 0 } }
            return tiff(pages(Self.labels, of: 48), [(258, [8]), (262, [3]), (277, [1]), (320, table)])
        }
        #expect(try await fixture(.put, Self.truth, palette(["#000000", "#ff0000", "#00ff00"])).status == 201)
        #expect(try await stored(fixture) == Self.labels)
        let shuffled = palette(["#009e73", "#e69f00", "#56b4e9"])
        let refused = try await fixture(.put, Self.truth, shuffled)
        #expect(refused.status == 422 && refused.detail.contains("another order"))
        let colors = PercentEncoding.encode("#e69f00:out,#56b4e9:in,#009e73:edge")
        #expect(try await fixture(.put, "\(Self.truth)?values=\(colors)", shuffled).status == 200)
        #expect(try await stored(fixture) == Self.labels.map { [2, 0, 1][Int($0)] })
        #expect(try await fixture(.put, "\(Self.truth)?values=0:out,1:in,2:edge", shuffled).status == 200)
        #expect(try await stored(fixture) == Self.labels)
    }

    @Test func `single bits are 0 and 1, and where 0 is shown white the sender says which counts`() async throws {
        let fixture = try await furnished()
        let bits = (0..<24).map { UInt8(truncatingIfNeeded: 0b1011_0010 &+ $0 &* 37) }
        let expected = bits.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 } }
        func file(_ photometric: Int) -> [UInt8] {
            tiff(pages(bits, of: 6), [(258, [1]), (262, [photometric]), (277, [1])])
        }
        #expect(try await fixture(.put, Self.truth, file(1)).status == 201)
        #expect(try await stored(fixture) == expected)
        let refused = try await fixture(.put, Self.truth, file(0))
        #expect(refused.status == 422 && refused.json["field"].string == "values")
        #expect(refused.detail.contains("values=0:out,1:in") && refused.detail.contains("#000000:out,#ffffff:in"))
        #expect(try await fixture(.put, "\(Self.truth)?values=0:out,1:in", file(0)).status == 200)
        #expect(try await stored(fixture) == expected)
        let colors = PercentEncoding.encode("#000000:out,#ffffff:in")
        #expect(try await fixture(.put, "\(Self.truth)?values=\(colors)", file(0)).status == 200)
        #expect(try await stored(fixture) == expected.map { 1 - $0 })
        let slice = tiff([Array(bits.prefix(6))], [(258, [1]), (262, [0]), (277, [1])])
        let annotations = "/v1/projects/p/volumes/v/annotations"
        let single = try await fixture(.post, "\(annotations)?axis=z&index=1", slice)
        #expect(single.status == 422 && single.detail.contains("#ffffff:in"))
        #expect(try await fixture(.post, "\(annotations)?axis=z&index=1&values=\(colors)", slice).status == 201)
        let back = try await fixture(.get, "\(annotations)/z/1?format=raw").body
        #expect(back == expected.prefix(48).map { 1 - $0 })
    }
}
