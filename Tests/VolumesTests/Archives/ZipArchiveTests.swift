import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct ZipArchiveTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func archive(_ sample: ZipSample) throws -> ZipArchive {
        try ZipArchive(at: folder.file("\(UUID().uuidString).zip", sample.bytes))
    }

    func refuses(_ sample: ZipSample, saying reason: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(sourceLocation: sourceLocation) {
            let archive = try self.archive(sample)
            for entry in archive.entries { _ = try archive.bytes(of: entry, atMost: 1 << 20) }
        } throws: { $0 is VolumeError && "\($0)".contains(reason) }
    }

    @Test func `files are listed in order without folders, and read whole or from their start`() throws {
        let archive = try self.archive(
            ZipSample([("b/", []), ("b/µ.txt", Array("hello".utf8)), ("a", []), ("__MACOSX/b", [7])]))
        #expect(archive.entries.map(\.name) == ["b/µ.txt", "a", "__MACOSX/b"])
        #expect(archive.entries.map(\.size) == [5, 0, 1])
        #expect(try archive.bytes(of: archive.entries[0], atMost: 5) == Array("hello".utf8))
        #expect(try archive.bytes(of: archive.entries[1], atMost: 0) == [])
        #expect(try archive.start(of: archive.entries[0], upTo: 4) == Array("hell".utf8))
        #expect(try archive.start(of: archive.entries[0], upTo: 400) == Array("hello".utf8))
        #expect(throws: VolumeError.self) { try archive.bytes(of: archive.entries[0], atMost: 4) }
    }

    @Test func `deflated files are unpacked`() throws {
        // A thousand times "a".
        let packed: [UInt8] = [0x4b, 0x4c, 0x1c, 0x05, 0xa3, 0x60, 0x14, 0x0c, 0x77, 0, 0]
        var sample = ZipSample([("packed", packed)])
        sample.files[0].method = 8
        sample.files[0].size = 1000
        sample.files[0].checksum = 0x9a38_da03
        let archive = try self.archive(sample)
        #expect(try archive.bytes(of: archive.entries[0], atMost: 1000) == [UInt8](repeating: 0x61, count: 1000))
        // A bomb unpacks to no more than its list promises.
        sample.files[0].size = 10
        refuses(sample, saying: "\"packed\" in the zip archive")
    }

    @Test func `names that lead out of the archive or could mean two files are refused`() {
        refuses(ZipSample([("a/../../b", [])]), saying: "\"a/../../b\", which leads out of it")
        refuses(ZipSample([("/etc/passwd", [])]), saying: "leads out of it")
        refuses(ZipSample([("a", [1]), ("a", [2])]), saying: "\"a\" twice")
    }

    @Test func `encrypted files and unknown ways of packing are refused by name`() {
        var sample = ZipSample([("secret", [1, 2, 3])])
        sample.files[0].flags |= 1
        refuses(sample, saying: "\"secret\" in the zip archive is encrypted")
        sample.files[0].flags = 0
        sample.files[0].method = 6
        refuses(sample, saying: "packed in a way that is not known")
    }

    @Test func `a file is never longer or shorter than the archive says, nor another one`() {
        var sample = ZipSample([("a", [1, 2, 3])])
        sample.files[0].checksum = 7
        refuses(sample, saying: "\"a\" in the zip archive")
        sample.files[0].checksum = nil
        sample.files[0].size = 1 << 21
        refuses(sample, saying: "at most")
        for size in [2, 4] {
            sample.files[0].size = size
            refuses(sample, saying: "\"a\" in the zip archive")
        }
    }

    @Test func `an archive that is cut off or empty of sense is refused`() throws {
        let bytes = ZipSample([("a", [1, 2, 3]), ("b", [4])]).bytes
        for count in 1..<bytes.count {
            let file = try folder.file("cut.zip", Array(bytes.prefix(count)))
            #expect(throws: VolumeError.self) { try ZipArchive(at: file) }
        }
        #expect(try archive(ZipSample()).entries.isEmpty)
    }

    @Test func `a damaged byte is never more than an error`() throws {
        let bytes = ZipSample([("a", Array(0..<64)), ("b", [4])]).bytes
        for index in bytes.indices {
            for value in [0, 0xff, bytes[index] ^ 1] {
                var changed = bytes
                changed[index] = value
                let file = try folder.file("bad.zip", changed)
                guard let archive = try? ZipArchive(at: file) else { continue }
                for entry in archive.entries { _ = try? archive.bytes(of: entry, atMost: 1 << 10) }
            }
        }
    }
}
