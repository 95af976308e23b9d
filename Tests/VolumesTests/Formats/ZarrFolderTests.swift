import Foundation
import TestSupport
import Testing
import Volumes

/// OME-Zarr in folders.
@Suite struct ZarrFolderTests {
    let folder: TemporaryFolder
    let store: URL

    init() throws {
        folder = try TemporaryFolder()
        store = folder.url.appending(path: "a.ome.zarr")
        for (name, bytes) in try ZarrSample().store2() {
            let file = store.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
    }

    func open(_ hints: VolumeHints = VolumeHints()) throws -> any VoxelSource {
        try openVolume(at: store, hints: hints, scratch: folder.url, limit: 1 << 24)
    }

    @Test func `a folder is read as its zip archive would be`() throws {
        let source = try open()
        #expect(try allBytes(source) == ZarrSample().values)
        let zip = try folder.file("a.zip", ZipSample(folder: store).bytes)
        #expect(try openVolume(at: zip, scratch: folder.url).header == source.header)
        #expect(try VolumeFormat.word(for: store) == "ome.zarr")
    }

    @Test func `links are followed within the folder and not out of it`() throws {
        let manager = FileManager.default
        let chunk = store.appending(path: "0/0/0/0/0")
        try manager.moveItem(at: chunk, to: store.appending(path: "elsewhere"))
        try manager.createSymbolicLink(atPath: chunk.path, withDestinationPath: "../../../../elsewhere")
        #expect(try allBytes(open()) == ZarrSample().values)
        try manager.removeItem(at: chunk)
        let outside = try folder.file("outside", [UInt8](repeating: 0, count: 64))
        try manager.createSymbolicLink(at: chunk, withDestinationURL: outside)
        #expect { _ = try open() } throws: { "\($0)".contains("0/0/0/0/0 leads out of the folder") }
        try manager.removeItem(at: chunk)
        mkfifo(chunk.path, 0o600)
        #expect { _ = try open() } throws: { "\($0)".contains("only regular files") }
    }

    @Test func `a folder that is no Zarr is refused`() throws {
        #expect {
            _ = try openVolume(at: folder.url.appending(path: "a.ome.zarr/0/0"), scratch: folder.url)
        } throws: { "\($0)".contains("the folder has no document of Zarr at its root") }
        #expect {
            try open(VolumeHints(dataset: "x"))
        } throws: { "\($0)".contains("nothing at \"x\"; its images are /") }
    }
}
