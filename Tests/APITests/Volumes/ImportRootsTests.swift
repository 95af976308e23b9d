import API
import Foundation
import HTTP
import JSON
import Store
import TestSupport
import Testing
import Volumes

/// Volumes that are taken from files of the server's machine.
@Suite struct ImportRootsTests {
    static let place = "/v1/projects/p/volumes/w"
    /// Holds a folder that may be read, and beside it what may not.
    let machine: TemporaryFolder
    let data: URL
    let fixture: APIFixture

    init() throws {
        machine = try TemporaryFolder()
        data = machine.url.appending(path: "data")
        try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
        var settings = APISettings()
        settings.importRoots = [data.path]
        fixture = try APIFixture(settings: settings)
    }

    private func take(_ path: String, _ query: String = "", headers: Headers = [:]) async throws -> Reply {
        try await fixture(.put, "\(Self.place)?from=\(path)\(query)", headers: headers)
    }

    @Test func `a file in one of the folders is taken as if it had been sent`() async throws {
        let image = try Samples.image()
        try await fixture.furnish(image)
        try Data(fixture.file(image)).write(to: data.appending(path: "a.nii"))
        let taken = try await take(data.appending(path: "a.nii").path)
        #expect(taken.status == 201, "\(taken.text)")
        let sent = try await fixture(.get, "/v1/projects/p/volumes/v").json
        #expect(taken.json["sha256"] == sent["sha256"] && taken.json["bytes"] == sent["bytes"])
        #expect(try await fixture(.get, "\(Self.place)/image?format=raw").body == image.bytes)
    }

    @Test func `a folder is taken as OME-Zarr, and known again until one of its files changes`() async throws {
        try await fixture.furnish(Samples.image())
        let store = data.appending(path: "x.ome.zarr")
        try FileManager.default.createDirectory(at: store.appending(path: "0"), withIntermediateDirectories: true)
        let attributes = #"{"multiscales":[{"axes":["z","y","x"],"datasets":[{"path":"0"}]}]}"#
        let array = #"{"zarr_format":2,"shape":[2,2,2],"chunks":[2,2,2],"dtype":"|u1","fill_value":0,"order":"C","#
        try Data(attributes.utf8).write(to: store.appending(path: ".zattrs"))
        try Data((array + #""filters":null,"compressor":null}"#).utf8).write(to: store.appending(path: "0/.zarray"))
        try Data([1, 2, 3, 4, 5, 6, 7, 8]).write(to: store.appending(path: "0/0.0.0"))
        let trial = try await take(store.path, "&dry-run=true")
        #expect(trial.status == 200 && trial.json["format"].string == "ome.zarr", "\(trial.text)")
        #expect(try await take(store.path).status == 201)
        #expect(try await take(store.path).status == 200)
        #expect(try await fixture(.get, "\(Self.place)/image?format=raw").body == [1, 2, 3, 4, 5, 6, 7, 8])
        try Data([9, 2, 3, 4, 5, 6, 7, 8]).write(to: store.appending(path: "0/0.0.0"))
        #expect(try await take(store.path).status == 409)
    }

    @Test func `nothing else of the machine can be read, or told whether it is there`() async throws {
        try await fixture.furnish(Samples.image())
        let outside = try machine.file("secret.nii", fixture.file(Samples.image()))
        try FileManager.default.createSymbolicLink(at: data.appending(path: "link.nii"), withDestinationURL: outside)
        try FileManager.default.createDirectory(
            at: machine.url.appending(path: "data2"), withIntermediateDirectories: true)
        try Data([1]).write(to: machine.url.appending(path: "data2/b"))
        let paths = [
            outside.path, data.path + "/link.nii", data.path + "/../secret.nii", machine.url.path + "/data2/b",
            machine.url.path + "/none", "/etc/passwd",
        ]
        for path in paths {
            let refused = try await take(path)
            #expect(
                refused.status == 403 && refused.detail.contains("in none of the folders"), "\(path): \(refused.text)")
        }
        let missing = try await take(data.path + "/none")
        #expect(missing.status == 422 && missing.detail.contains("there is no"), "\(missing.text)")
        #expect(try await take("data/a").status == 422)
        let both = try await fixture(.put, "\(Self.place)?from=\(outside.path)", fixture.file(Samples.image()))
        #expect(both.status == 400 && both.detail.contains("no body"), "\(both.text)")
    }

    @Test func `it takes an admin, and folders that were named`() async throws {
        try await fixture.furnish(Samples.image())
        try Data(fixture.file(Samples.image())).write(to: data.appending(path: "a.nii"))
        let trainer = try await fixture.token("t", .trainer)
        let refused = try await take(data.path + "/a.nii", headers: trainer)
        #expect(refused.status == 403 && refused.detail.contains("admin"), "\(refused.text)")
        let plain = try APIFixture()
        try await plain.furnish(Samples.image())
        let none = try await plain(.put, "\(Self.place)?from=\(data.path)/a.nii")
        #expect(none.status == 403 && none.detail.contains("import.roots"), "\(none.text)")
    }
}
