import Foundation
import TestSupport
import Testing
import Volumes

/// Zip archives that are written.
@Suite struct ZipDraftTests {
    private let files: [(String, Data)] = [
        ("a.npy", Data((0..<70_000).map { UInt8(truncatingIfNeeded: $0) })), ("größe/b.yaml", Data("b".utf8)),
        ("c", Data()),
    ]

    private func draft() throws -> Data {
        let draft = try ZipDraft()
        for (name, content) in files { try draft.add(name, content) }
        return try draft.finish()
    }

    @Test func `an archive is read back as it was written, and is the same the next time`() throws {
        let folder = try TemporaryFolder()
        let bytes = try draft()
        #expect(try draft() == bytes)
        let archive = try ZipArchive(at: folder.file("a.zip", [UInt8](bytes)))
        #expect(archive.entries.map(\.name) == files.map(\.0))
        for (entry, file) in zip(archive.entries, files) {
            #expect(try Data(archive.bytes(of: entry, atMost: 1 << 20)) == file.1)
        }
        // Not packed: programs read tensors where they lie.
        #expect(bytes.range(of: files[0].1) != nil)
    }

    @Test func `a name that is there already is refused`() throws {
        let draft = try ZipDraft()
        try draft.add("a", Data([1]))
        #expect {
            try draft.add("a", Data([2]))
        } throws: { "\($0)".contains("cannot write a zip archive") }
        #expect(try draft.finish().isEmpty == false)
    }
}
