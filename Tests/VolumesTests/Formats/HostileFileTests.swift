import Foundation
import TestSupport
import Testing
import Volumes

/// Files that are cut off, changed or made to do harm: each is an error or a volume, never a crash.
@Suite struct HostileFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func samples() throws -> [(VolumeFormat, [UInt8])] {
        let volume = try randomVolume(.sample(.int16, channels: 2))
        return try [VolumeFormat.nifti, .niftiGzip, .npy, .nrrd, .metaImage, .tiff].map { format in
            let file = folder.url.appendingPathComponent("sample.\(format.fileExtension)")
            try writeVolume(volume, as: format, to: file)
            return (format, [UInt8](try Data(contentsOf: file)))
        }
    }

    /// Opens and reads everything; only `VolumeError` may come out.
    func attempt(_ bytes: [UInt8], limit: Int = 1 << 24) throws -> (any VoxelSource)? {
        let file = try folder.file("attempt", bytes)
        do {
            let source = try openVolume(at: file, scratch: folder.url, limit: limit)
            for channel in 0..<min(source.header.channels, 3) {
                _ = try source.raw(Box(slice: SlicePosition(.z, 0), of: source.header.extent), channel: channel)
            }
            return source
        } catch let error as VolumeError {
            #expect(!error.description.isEmpty)
            return nil
        }
    }

    @Test func `a file cut off anywhere is an error`() throws {
        for (format, bytes) in try samples() {
            for count in 0..<bytes.count {
                #expect(try attempt(Array(bytes[..<count])) == nil, "\(format) of \(count) bytes")
            }
            #expect(try attempt(bytes) != nil)
        }
    }

    @Test func `headers with flipped bits give an error or a volume`() throws {
        var random = Random(seed: 17)
        for (_, bytes) in try samples() {
            for _ in 0..<500 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    let place = Int.random(in: 0..<min(bytes.count, 360), using: &random)
                    changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                }
                _ = try attempt(changed)
            }
        }
    }

    @Test func `headers of random numbers give an error or a volume`() throws {
        var random = Random(seed: 18)
        for (_, bytes) in try samples() {
            for _ in 0..<500 {
                var changed = bytes
                let place = Int.random(in: 0..<min(bytes.count, 352), using: &random)
                let extremes: [UInt8] = [0, 1, 0x7f, 0x80, 0xff]
                let value = extremes.randomElement(using: &random) ?? 0
                for index in place..<min(place + 8, changed.count) { changed[index] = value }
                _ = try attempt(changed)
            }
        }
    }

    @Test func `a gzip bomb is refused at its header and takes no space`() throws {
        var header = [UInt8](try samples()[0].1.prefix(352))
        header.replaceSubrange(40..<56, with: [3, 0, 0xff, 0x7f, 0xff, 0x7f, 0xff, 0x7f, 1, 0, 1, 0, 1, 0, 1, 0])
        let plain = try folder.file("bomb.nii", header + [UInt8](repeating: 0, count: 1 << 20))
        let packed = try Data(contentsOf: plain).gzipped(in: folder)
        #expect(throws: VolumeError.self) {
            _ = try openVolume(at: packed, scratch: folder.url, limit: 1 << 24)
        }
    }

    @Test func `sizes whose product overflows are refused`() throws {
        var npy = [UInt8](try samples()[2].1)
        let text = "(2, 5, 7, 6)"
        let huge = "(9999999999, 9999999999, 99)"
        let header = String(decoding: npy[10..<128], as: UTF8.self)
            .replacingOccurrences(of: text, with: huge).prefix(118)
        npy.replaceSubrange(10..<128, with: Array(header.utf8))
        #expect(try attempt(npy) == nil)
    }

    @Test func `more channels than images have are refused with what else they may be`() throws {
        let volume = try randomVolume(.sample(.uint8, channels: 1025, z: 1, y: 2, x: 2))
        for format in [VolumeFormat.nifti, .npy, .nrrd, .metaImage, .tiff] {
            let file = folder.url.appendingPathComponent("channels.\(format.fileExtension)")
            try writeVolume(volume, as: format, to: file)
            #expect {
                _ = try openVolume(at: file, scratch: folder.url)
            } throws: { error in
                error is VolumeError && "\(error)".contains("at most 1024") && "\(error)".contains("axes=")
            }
            guard format == .tiff else { continue }
            let planes = try openVolume(at: file, hints: VolumeHints(axes: "zyx"), scratch: folder.url)
            #expect(planes.header.channels == 1 && planes.header.extent.z == 1025)
        }
        let most = folder.url.appendingPathComponent("most.npy")
        try writeVolume(try randomVolume(.sample(.uint8, channels: 1024, z: 1, y: 2, x: 2)), as: .npy, to: most)
        #expect(try openVolume(at: most, scratch: folder.url).header.channels == 1024)
    }

    @Test(arguments: ["a\n\nb", "a\r\nencoding: gzip", "\" \"", "\\", String(repeating: "m", count: 41)])
    func `a unit that would break an NRRD header is left out of it`(unit: String) throws {
        var header = VolumeHeader.sample(.int16)
        header.spacing = Spacing(z: 3, y: 2, x: 1, unit: unit)
        for affine in [nil, [1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1]] as [[Double]?] {
            header.orientation = affine.map { Orientation(affine: $0) }
            let volume = try randomVolume(header)
            let file = folder.url.appendingPathComponent("unit.nrrd")
            try writeVolume(volume, as: .nrrd, to: file)
            let read = try openVolume(at: file, scratch: folder.url)
            #expect(try allBytes(read) == volume.bytes)
            #expect(read.header.spacing == Spacing(z: 3, y: 2, x: 1))
        }
    }

    @Test(.enabled(if: ForeignFile.areThere, ForeignFile.whyNot))
    func `cut off or changed files of other programs give an error or a volume`() throws {
        var random = Random(seed: 19)
        for foreign in try ForeignFile.all() {
            let bytes = [UInt8](try Data(contentsOf: foreign.url))
            for count in stride(from: 0, to: bytes.count - 4, by: 7) { _ = try attempt(Array(bytes[..<count])) }
            for _ in 0..<60 {
                var changed = bytes
                let place = Int.random(in: 0..<min(bytes.count, 400), using: &random)
                changed[place] = UInt8.random(in: 0...255, using: &random)
                _ = try attempt(changed)
            }
        }
    }

    @Test(.enabled(if: ForeignFile.areThere, ForeignFile.whyNot))
    func `TIFF files of other programs with flipped bits anywhere give an error or a volume`() throws {
        var random = Random(seed: 20)
        for foreign in try ForeignFile.all() where foreign.url.pathExtension == "tif" {
            let bytes = [UInt8](try Data(contentsOf: foreign.url))
            for count in stride(from: 0, to: bytes.count, by: 37) { _ = try attempt(Array(bytes[..<count])) }
            for _ in 0..<200 {
                var changed = bytes
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                }
                _ = try attempt(changed)
            }
        }
    }

    @Test func `what is not a volume is told so with its first bytes`() throws {
        let file = try folder.file("text.txt", Array("hello world".utf8))
        #expect {
            _ = try openVolume(at: file, scratch: folder.url)
        } throws: { error in
            "\(error)".contains("68 65 6c 6c") && "\(error)".contains("NIfTI")
        }
    }
}

extension Data {
    /// The bytes in a gzip file, made by the writer under test around a volume of bytes without a head.
    func gzipped(in folder: TemporaryFolder) throws -> URL {
        let source = folder.url.appendingPathComponent("plain-\(UUID().uuidString)")
        try write(to: source)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-k", source.path]
        try process.run()
        process.waitUntilExit()
        return source.appendingPathExtension("gz")
    }
}
