import API
import Foundation
import HTTP
import JSON
import TestSupport
import Testing
import Volumes

/// Answers packed for the way.
@Suite struct CompressionTests {
    private static let place = "/v1/projects/p/volumes/v"
    private static let extent = Extent(z: 16, y: 64, x: 64)

    private func fixture() async throws -> APIFixture {
        let fixture = try APIFixture()
        try await fixture.furnish(Samples.image(extent: Self.extent))
        return fixture
    }

    private func unpacked(_ bytes: [UInt8], _ fixture: APIFixture) throws -> [UInt8] {
        try InMemoryVolume(copyOf: fixture.volume(bytes)).bytes
    }

    @Test(arguments: ["npy", "nii", "nrrd", "mha"])
    func `a gzipped download is the same file`(format: String) async throws {
        let fixture = try await fixture()
        let url = "\(Self.place)/image?format=\(format)"
        let plain = try await fixture(.get, url)
        let packed = try await fixture(.get, url, headers: ["Accept-Encoding": "gzip"])
        #expect(plain.headers["Content-Encoding"] == nil && packed.headers["Content-Encoding"] == "gzip")
        #expect(plain.headers["Vary"] == "Accept-Encoding" && packed.headers["Vary"] == "Accept-Encoding")
        #expect(packed.body.starts(with: [0x1f, 0x8b]) && packed.body.count < plain.body.count)
        #expect(try unpacked(packed.body, fixture) == unpacked(plain.body, fixture))
        #expect(packed.headers["Content-Type"] == plain.headers["Content-Type"])
        #expect(packed.headers["Accept-Ranges"] == nil && plain.headers["Accept-Ranges"] == "bytes")
    }

    @Test func `each coding has a tag of its own, which spares sending it again`() async throws {
        let fixture = try await fixture()
        let url = "\(Self.place)/image?format=npy"
        var tags: [String: String] = [:]
        for coding in ["identity", "gzip", "zstd"] {
            let reply = try await fixture(.get, url, headers: ["Accept-Encoding": coding])
            #expect(reply.headers["Content-Encoding"] == (coding == "identity" ? nil : coding))
            let tag: String = try #require(reply.headers["ETag"])
            tags[coding] = tag
        }
        #expect(Set(tags.values).count == 3)
        for (coding, tag) in tags {
            let again = try await fixture(.get, url, headers: ["Accept-Encoding": coding, "If-None-Match": tag])
            #expect(again.status == 304 && again.body.isEmpty && again.headers["ETag"] == tag)
            #expect(again.headers["Vary"] == (coding == "identity" ? nil : "Accept-Encoding"))
        }
        let gzipped: String = try #require(tags["gzip"])
        let other: Headers = ["Accept-Encoding": "identity", "If-None-Match": gzipped]
        #expect(try await fixture(.get, url, headers: other).status == 200)
    }

    @Test(arguments: [
        ("gzip, deflate, br, zstd", "zstd"), ("zstd;q=0.5, gzip", "gzip"), ("GZIP", "gzip"), ("*", "zstd"),
        ("zstd;q=0, *;q=0.5", "gzip"), ("gzip;q=0", nil), ("br", nil), ("identity, gzip;q=0.5", nil), ("", nil),
        ("gzip;q=x", nil),
    ])
    func `the client's wish decides`(accepted: String, coding: String?) async throws {
        let fixture = try await fixture()
        let reply = try await fixture(
            .get, "\(Self.place)/image?format=raw", headers: ["Accept-Encoding": accepted])
        #expect(reply.headers["Content-Encoding"] == coding)
    }

    @Test func `parts, what is packed already and what is small come as they are`() async throws {
        let fixture = try await fixture()
        let range: Headers = ["Accept-Encoding": "gzip", "Range": "bytes=10-19"]
        let part = try await fixture(.get, "\(Self.place)/image?format=npy", headers: range)
        #expect(part.status == 206 && part.body.count == 10 && part.headers["Content-Encoding"] == nil)
        let gzip: Headers = ["Accept-Encoding": "gzip"]
        for path in ["/image?format=nii.gz", "/slices/z/3"] {
            let reply = try await fixture(.get, Self.place + path, headers: gzip)
            #expect(reply.status == 200)
            #expect(reply.headers["Content-Encoding"] == nil && reply.headers["Vary"] != "Accept-Encoding")
            let tag: String = try #require(reply.headers["ETag"])
            let again = try await fixture(
                .get, Self.place + path, headers: ["Accept-Encoding": "gzip", "If-None-Match": tag])
            #expect(again.status == 304 && again.headers["ETag"] == tag)
        }
        #expect(try await fixture(.get, "/v1/projects/p", headers: gzip).headers["Content-Encoding"] == nil)
    }

    @Test func `long JSON is packed`() async throws {
        let fixture = try await fixture()
        let plain = try await fixture(.get, "/openapi.json")
        let packed = try await fixture(.get, "/openapi.json", headers: ["Accept-Encoding": "gzip"])
        #expect(packed.headers["Content-Encoding"] == "gzip" && packed.body.count < plain.body.count / 3)
    }

    @Test func `a client gets a volume packed through a real socket`() async throws {
        let fixture = try await fixture()
        let plain = try await fixture(.get, "\(Self.place)/image?format=npy")
        try await fixture.serving { client in
            // This client unpacks what it gets by itself.
            let reply = try await client(
                .get, "\(Self.place)/image?format=npy", headers: ["Accept-Encoding": "gzip"])
            #expect(reply.status == 200 && reply.headers["Content-Encoding"] == "gzip")
            #expect(reply.body == plain.body)
        }
    }
}
