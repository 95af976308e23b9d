import Foundation
import TestSupport
import Testing
import Volumes

/// Files of HDF5 that are damaged, or lead out of themselves: each is an error or a volume, and the process goes on.
@Suite struct HostileHDF5Tests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: [
        ("soft", "no dataset or group \"soft\""), ("outside", "no dataset or group \"outside\""),
        ("/stored", "keeps its voxels elsewhere"),
        ("/virtual", "keeps its voxels elsewhere"), ("/packed", "filter 32000 (LZF)"), ("/complex", "no numbers"),
        ("/empty", "z = 0"), ("/circle/packed", "no dataset"),
    ])
    func `what leads out of the file or takes a plug-in is refused with the reason`(path: String, reason: String) {
        #expect {
            _ = try openVolume(
                at: HDF5Sample.elsewhere.url, hints: VolumeHints(dataset: path), scratch: folder.url)
        } throws: { "\($0)".contains(reason) }
    }

    /// Opens and reads; only `VolumeError` may come out.
    func attempt(_ bytes: [UInt8]) throws {
        let file = try folder.file("attempt", bytes)
        do {
            let source = try openVolume(at: file, scratch: folder.url, limit: 1 << 20)
            _ = try source.raw(Box(slice: SlicePosition(.z, 0), of: source.header.extent))
        } catch let error as VolumeError {
            #expect(!error.description.isEmpty)
            if case .io = error { Issue.record("not the file's fault: \(error)") }
        }
    }

    @Test func `a file cut off anywhere, or with other bytes, is an error or a volume`() throws {
        var random = Random(seed: 11)
        for sample in HDF5Sample.allCases {
            let bytes = [UInt8](try Data(contentsOf: sample.url))
            for _ in 0..<6 {
                try attempt(Array(bytes.prefix(Int.random(in: 8..<bytes.count, using: &random))))
                var changed = bytes
                for _ in 0..<20 {
                    changed[Int.random(in: 8..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                try attempt(changed)
            }
        }
    }

    @Test func `the limit of a volume is that of its voxels, whatever the file says`() {
        #expect {
            _ = try openVolume(at: HDF5Sample.ilastik.url, scratch: folder.url, limit: 400)
        } throws: {
            guard case VolumeError.tooLarge = $0 else { return false }
            return true
        }
    }

    @Test func `a file that is gzipped as a whole is refused`() throws {
        let packed = try Data(contentsOf: HDF5Sample.ilastik.url).gzipped(in: folder)
        #expect {
            _ = try openVolume(at: packed, scratch: folder.url)
        } throws: { "\($0)".contains("without gzip around it") }
    }

    @Test func `nothing is left of the process and its files`() throws {
        _ = try openVolume(at: HDF5Sample.imaris.url, scratch: folder.url)
        #expect(folder.names.isEmpty)
    }
}
