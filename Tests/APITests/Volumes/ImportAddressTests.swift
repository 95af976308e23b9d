import API
import Foundation
import HTTP
import JSON
import Store
import Synchronization
import TestSupport
import Testing
import Volumes

/// Volumes that are fetched from web servers.
@Suite struct ImportAddressTests {
    private static let place = "/v1/projects/p/volumes/w"
    let web = ZarrWeb(ZarrWeb.image())

    /// The interface, with a project, which may fetch what lies below some addresses.
    private func world(_ roots: String..., uploadLimit: Int = 1 << 20) async throws -> APIFixture {
        var settings = APISettings(uploadLimit: uploadLimit)
        settings.importRoots = roots
        settings.importPauses = [0, 0]
        let fixture = try APIFixture(settings: settings)
        try await fixture.furnish(Samples.image())
        return fixture
    }

    private func take(
        _ address: String, _ fixture: APIFixture, _ query: String = "", headers: Headers = [:]
    ) async throws -> Reply {
        try await fixture(.put, "\(Self.place)?from=\(address)\(query)", headers: headers)
    }

    private func voxels(_ fixture: APIFixture) async throws -> [UInt8] {
        try await fixture(.get, "\(Self.place)/image?format=raw").body
    }

    @Test func `an OME-Zarr is fetched, and known again until one of its chunks changes`() async throws {
        try await web.serving { server in
            let fixture = try await world("\(server)/images")
            let trial = try await take("\(server)/images/x.zarr/", fixture, "&dry-run=true")
            #expect(trial.status == 200 && trial.json["format"].string == "ome.zarr", "\(trial.text)")
            let taken = try await take("\(server)/images/x.zarr", fixture)
            #expect(taken.status == 201, "\(taken.text)")
            let bytes = web.files.withLock { $0.values.reduce(0) { $0 + $1.count } }
            #expect(taken.json["bytes"].number == Double(bytes) && taken.json["sha256"] == trial.json["sha256"])
            #expect(try await voxels(fixture) == [1, 2, 9, 10, 3, 4, 11, 12, 5, 6, 13, 14, 7, 8, 15, 16])
            #expect(try await take("\(server)/images/x.zarr", fixture).status == 200)
            web.files.withLock { $0["images/x.zarr/0/0.0.1"]?[0] = 77 }
            let changed = try await take("\(server)/images/x.zarr", fixture)
            #expect(changed.status == 409 && changed.detail.contains("replace=true"), "\(changed.text)")
        }
    }

    @Test func `a chunk that is not there has the fill value, and shards are fetched whole`() async throws {
        web.files.withLock { files in
            files["images/x.zarr/0/0.0.1"] = nil
            files.merge(ZarrWeb.shard(at: "images/s.zarr")) { $1 }
        }
        try await web.serving { server in
            let fixture = try await world(server)
            #expect(try await take("\(server)/images/x.zarr", fixture).status == 201)
            #expect(try await voxels(fixture) == [1, 2, 9, 9, 3, 4, 9, 9, 5, 6, 9, 9, 7, 8, 9, 9])
            let shard = try await take("\(server)/images/s.zarr", fixture, "&replace=true")
            #expect(shard.status == 200, "\(shard.text)")
            #expect(try await voxels(fixture) == [1, 2, 3, 4, 5, 6, 7, 8])
        }
    }

    @Test func `nothing is asked of a server that is not named, however it is written`() async throws {
        try await web.serving { server in
            let port = server.split(separator: ":").last ?? ""
            let fixture = try await world("\(server)/images", "https://example.org/open")
            let elsewhere = [
                "\(server)/images2/x.zarr", "\(server)", "\(server)/other", "http://localhost:\(port)/images/x.zarr",
                "https://127.0.0.1:\(port)/images/x.zarr", "http://example.org/open/x",
                "http://127.0.0.1/images/x.zarr",
                "http://169.254.169.254/latest",
            ]
            for address in elsewhere {
                let refused = try await take(address, fixture)
                #expect(
                    refused.status == 403 && refused.detail.contains("in none of the folders"),
                    "\(address): \(refused.text)")
            }
            let wrong = [
                "\(server)/images/../secret", "\(server)/images/%252e%252e/secret", "\(server)/images/a%255cb",
                "\(server)/images/a%252fb", "http://example.org@127.0.0.1:\(port)/images/x.zarr",
                "\(server)/images/x.zarr%3Fa=1", "http://", "http://a%20b/images",
            ]
            for address in wrong {
                let refused = try await take(address, fixture)
                #expect(refused.status == 422 && refused.json["field"].string == "from", "\(address): \(refused.text)")
            }
            #expect(web.asked.withLock { $0 } == [])
            let plain = try await world("/data")
            let none = try await take("\(server)/images/x.zarr", plain)
            #expect(none.status == 403 && none.detail.contains("import.roots"), "\(none.text)")
            let trainer = try await fixture.token("t", .trainer)
            #expect(try await take("\(server)/images/x.zarr", fixture, headers: trainer).status == 403)
            #expect(web.asked.withLock { $0 } == [])
        }
    }

    @Test func `redirects are followed within the folders, and not out of them`() async throws {
        let other = ZarrWeb(ZarrWeb.image(at: "images/y.zarr"))
        let chunk = "images/x.zarr/0/0.0.0"
        try await other.serving { far in
            try await web.serving { server in
                let fixture = try await world("\(server)/images")
                web.files.withLock { $0["images/moved"] = $0[chunk] }
                web.answers.withLock { $0[chunk] = [Self.redirect("/images/moved")] }
                #expect(try await take("\(server)/images/x.zarr", fixture).status == 201)
                #expect(web.asked.withLock { $0.contains("images/moved") })
                web.files.withLock { $0["secret"] = $0[chunk] }
                for target in ["\(far)/images/y.zarr/0/0.0.0", "/secret", "/images/../secret", "file:///etc/passwd"] {
                    web.answers.withLock { $0[chunk] = [Self.redirect(target)] }
                    let refused = try await take("\(server)/images/x.zarr", fixture)
                    #expect(
                        refused.status == 422 && refused.detail.contains("leads to"), "\(target): \(refused.text)")
                }
                #expect(other.asked.withLock { $0 } == [] && !web.asked.withLock { $0.contains("secret") })
            }
        }
    }

    private static func redirect(_ target: String) -> Response { Response(status: 302, headers: ["Location": target]) }

    @Test func `what a server doesn't give is an error that says what`() async throws {
        let chunk = "images/x.zarr/0/0.0.0"
        try await web.serving { server in
            let fixture = try await world("\(server)/images")
            web.answers.withLock { $0[chunk] = [Response(status: 503), Response(status: 500)] }
            let down = try await take("\(server)/images/x.zarr", fixture)
            #expect(down.status == 502 && down.detail.contains("0/0.0.0 can't be fetched"), "\(down.text)")
            #expect(down.headers["Retry-After"] != nil && web.asked.withLock { $0.count { $0 == chunk } } == 3)
            web.answers.withLock { $0[chunk] = [Response(status: 403)] }
            let forbidden = try await take("\(server)/images/x.zarr", fixture)
            #expect(forbidden.status == 422 && forbidden.detail.contains("answers 403"), "\(forbidden.text)")
            web.answers.withLock { $0[chunk] = nil }
            web.files.withLock { $0[chunk] = [UInt8](repeating: 0, count: 100_000) }
            let long = try await take("\(server)/images/x.zarr", fixture)
            #expect(long.status == 413 && long.detail.contains("has more than"), "\(long.text)")
            let missing = try await take("\(server)/images/none.zarr", fixture)
            #expect(missing.status == 400 && missing.detail.contains("has no document of Zarr"), "\(missing.text)")
        }
        let closed = try await world("http://127.0.0.1:1/images")
        let unreachable = try await take("http://127.0.0.1:1/images/x.zarr", closed)
        #expect(unreachable.status == 502 && unreachable.detail.contains("can't be fetched"), "\(unreachable.text)")
    }

    @Test func `a fault that passes is none, and neither is a server that hides what is not there`() async throws {
        try await web.serving { server in
            let fixture = try await world(server)
            web.answers.withLock {
                $0["images/x.zarr/0/0.0.0"] = [
                    Response(status: 503), .bytes([1, 2, 3, 4, 5, 6, 7, 8], contentType: "a/b"),
                ]
                for name in ["zarr.json", "0/zarr.json"] { $0["images/x.zarr/\(name)"] = [Response(status: 403)] }
            }
            #expect(try await take("\(server)/images/x.zarr", fixture).status == 201)
            web.answers.withLock {
                for name in ["zarr.json", ".zattrs", ".zgroup", ".zarray"] {
                    $0["images/h.zarr/\(name)"] = [Response(status: 403)]
                }
            }
            let hidden = try await take("\(server)/images/h.zarr", fixture)
            #expect(hidden.status == 400 && hidden.detail.contains("answers 403"), "\(hidden.text)")
        }
    }

    @Test func `all files together may have as many bytes as an upload`() async throws {
        try await web.serving { server in
            let fixture = try await world(server, uploadLimit: 2000)
            web.files.withLock { files in
                files["images/x.zarr/.zattrs"]?.append(contentsOf: [UInt8](repeating: 0x20, count: 1900))
            }
            let refused = try await take("\(server)/images/x.zarr", fixture)
            #expect(refused.status == 413 && refused.detail.contains("2000"), "\(refused.text)")
        }
    }

    @Test func `images in a collection that nobody lists are found by their numbers`() async throws {
        let root = #"{"bioformats2raw.layout":3}"#
        web.files.withLock { files in
            files = ZarrWeb.image(at: "c/0").merging(ZarrWeb.image(at: "c/1", first: 100)) { $1 }
            files["c/.zattrs"] = Array(root.utf8)
        }
        try await web.serving { server in
            let fixture = try await world(server)
            let several = try await take("\(server)/c", fixture)
            #expect(several.status == 422 && several.detail.contains("dataset=0"), "\(several.text)")
            #expect(try await take("\(server)/c", fixture, "&dataset=1").status == 201)
            #expect(try await voxels(fixture).first == 100)
            web.files.withLock { files in
                files["c/.zattrs"] = nil
                files["c/.zgroup"] = Array(#"{"zarr_format":2}"#.utf8)
                files["c/.zmetadata"] = Array(#"{"metadata":{".zgroup":{},"1/.zattrs":{},"1/0/.zarray":{}}}"#.utf8)
            }
            let consolidated = try await take("\(server)/c", fixture, "&replace=true")
            #expect(consolidated.status == 200 && consolidated.json["dataset"].string == "1", "\(consolidated.text)")
        }
    }
}
