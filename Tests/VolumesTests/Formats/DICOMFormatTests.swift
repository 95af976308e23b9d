import Foundation
import TestSupport
import Testing
import Volumes

/// What is read of DICOM: voxels, their order and place.
@Suite struct DICOMFormatTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func open(_ bytes: [UInt8], _ hints: VolumeHints = VolumeHints()) throws -> any VoxelSource {
        try openVolume(at: folder.file("sample", bytes), hints: hints, scratch: folder.url, limit: 1 << 24)
    }

    func numbers<Number>(_ source: any VoxelSource, _ type: Number.Type) throws -> [Number] {
        let bytes = try allBytes(source)
        return bytes.withUnsafeBytes { raw in
            (0..<raw.count / MemoryLayout<Number>.size).map {
                raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: Number.self)
            }
        }
    }

    @Test func `slices are in the order of their positions, whatever their names and numbers are`() throws {
        var files = DICOMSample.series()
        for (index, number) in ["9", "1", "7", "3", "5"].enumerated() {
            files[index].elements[0x0020_0013] = .text(number)
        }
        let volume = try open(DICOMSample.zip([3, 0, 4, 2, 1].map { files[$0] }))
        let header = volume.header
        #expect(header.extent == Extent(z: 5, y: 4, x: 3) && header.channels == 1 && header.element == .uint16)
        #expect(try numbers(volume, UInt16.self) == Array(0..<60))
        #expect(header.spacing == Spacing(z: 2.5, y: 0.5, x: 0.25, unit: "millimeter"))
        #expect(
            header.orientation?.affine == [-0.25, 0, 0, 7, 0, -0.5, 0, -11, 0, 0, 2.5, 3.5, 0, 0, 0, 1])
        #expect(header.part == nil)
    }

    @Test func `slices lie along their normal, which an oblique direction turns`() throws {
        let (c, s) = (0.8, 0.6)
        // Rows along (c, s, 0), columns along (0, 0, -1): the normal is (-s, c, 0).
        let files = (0..<3).map { z in
            var file = DICOMSample(at: [10 - s * 4 * Double(z), 20 + c * 4 * Double(z), 30], number: z)
            file.elements[0x0020_0037] = .text(DICOMSample.text([c, s, 0, 0, 0, -1]))
            return file
        }
        let header = try open(DICOMSample.zip(files.reversed())).header
        let affine = try #require(header.orientation?.affine)
        let wanted = [-0.2, 0, 2.4, -10, -0.15, 0, -3.2, -20, 0, -0.5, 0, 30, 0, 0, 0, 1]
        for (found, number) in zip(affine, wanted) { #expect(abs(found - number) < 1e-12) }
        #expect(abs(header.spacing.z - 4) < 1e-12)
    }

    @Test(arguments: DICOMSample.Syntax.allCases)
    func `the same voxels are read in each transfer syntax`(syntax: DICOMSample.Syntax) throws {
        let files = DICOMSample.series().map { file in
            var file = syntax == .runLength ? file.packed : file
            file.syntax = syntax
            return file
        }
        let volume = try open(DICOMSample.zip(files))
        #expect(try numbers(volume, UInt16.self) == Array(0..<60))
        #expect(volume.header.spacing.z == 2.5)
    }

    @Test func `slope and intercept are applied, and integers stay integers where they are whole`() throws {
        var files = DICOMSample.series()
        for index in files.indices {
            files[index].elements[0x0028_0101] = .shorts([12])
            files[index].elements[0x0028_0102] = .shorts([11])
            files[index].elements[0x0028_1052] = .text("-1024")
            files[index].elements[0x0028_1053] = .text("1")
        }
        let volume = try open(DICOMSample.zip(files))
        #expect(volume.header.element == .int16)
        #expect(try numbers(volume, Int16.self) == Array(-1024..<(-964)))
        files[4].elements[0x0028_1053] = .text("0.5")
        let scaled = try open(DICOMSample.zip(files))
        #expect(scaled.header.element == .float32)
        let wanted = (0..<60).map { Float($0) * ($0 < 48 ? 1 : 0.5) - 1024 }
        #expect(try numbers(scaled, Float.self) == wanted)
    }

    @Test func `bits beyond those that are stored do not count, and the highest of them may be a sign`() throws {
        var file = DICOMSample([0x0fff, 0x8001, 0x7800, 0x0800] + Array(0..<8))
        file.elements[0x0028_0101] = .shorts([12])
        file.elements[0x0028_0102] = .shorts([11])
        #expect(try numbers(open(file.bytes), UInt16.self).prefix(4) == [0xfff, 1, 0x800, 0x800])
        file.elements[0x0028_0103] = .shorts([1])
        let signed = try open(file.bytes)
        #expect(signed.header.element == .int16)
        #expect(try numbers(signed, Int16.self).prefix(4) == [-1, 1, -2048, -2048])
        file.elements[0x0028_0102] = .shorts([15])
        #expect(try numbers(open(file.bytes), Int16.self).prefix(4) == [255, -2048, 0x780, 0x80])
    }

    @Test func `a single slice is a volume as thick as it says`() throws {
        let header = try open(DICOMSample().bytes).header
        #expect(header.extent == Extent(z: 1, y: 4, x: 3))
        #expect(header.spacing == Spacing(z: 9, y: 0.5, x: 0.25, unit: "millimeter"))
    }

    /// A file with frames of 12 voxels that are numbered on.
    func frames(_ count: Int) -> DICOMSample {
        var file = DICOMSample((0..<UInt16(12 * count)).map { $0 })
        file.elements[0x0028_0008] = .text("\(count)")
        for tag: UInt32 in [0x0020_0032, 0x0020_0037, 0x0018_0050, 0x0028_0030] { file.elements[tag] = nil }
        return file
    }

    @Test(arguments: [DICOMSample.Syntax.explicit, .implicit, .bigEndian, .runLength])
    func `frames of one file are put in order by what is said of each`(syntax: DICOMSample.Syntax) throws {
        var file = frames(3)
        file.elements[0x5200_9229] = .items([
            [
                0x0020_9116: .items([[0x0020_0037: .text("1\\0\\0\\0\\1\\0")]]),
                0x0028_9110: .items([[0x0028_0030: .text("0.5\\0.25"), 0x0018_0050: .text("2")]]),
                0x0028_9145: .items([[0x0028_1052: .text("5"), 0x0028_1053: .text("2")]]),
            ]
        ])
        file.elements[0x5200_9230] = .items(
            [3.0, 1, 2].map { z in [0x0020_9113: .items([[0x0020_0032: .text("0\\0\\\(z)")]])] })
        if syntax == .runLength { file = file.packed } else { file.syntax = syntax }
        let volume = try open(file.bytes)
        #expect(volume.header.element == .uint32)
        let wanted = (Array(12..<36) + Array(0..<12)).map { UInt32($0) * 2 + 5 }
        #expect(try numbers(volume, UInt32.self) == wanted)
        #expect(volume.header.orientation?.affine[11] == 1 && volume.header.spacing.z == 1)
    }

    @Test func `frames without a place are slices in their order, and it is said`() throws {
        var file = frames(3)
        file.elements[0x0018_0088] = .text("4")
        file.elements[0x0028_0030] = .text("2\\3")
        let volume = try open(file.bytes)
        #expect(try numbers(volume, UInt16.self) == Array(0..<36))
        #expect(volume.header.spacing == Spacing(z: 4, y: 2, x: 3, unit: "millimeter"))
        #expect(volume.header.orientation == nil)
        #expect(volume.header.part?.remarks.first?.contains("doesn't say where its 3 frames lie") == true)
    }

    @Test(arguments: [false, true])
    func `colours are three channels, and those of brightness and difference become red, green and blue`(
        planar: Bool
    ) throws {
        let pixels: [[UInt8]] = (0..<12).map { [UInt8($0), UInt8(100 + $0), UInt8(200 + $0)] }
        let planes = (0..<3).map { sample in pixels.map { $0[sample] } }
        var file = DICOMSample()
        file.elements[0x0028_0002] = .shorts([3])
        file.elements[0x0028_0004] = .text("RGB")
        file.elements[0x0028_0006] = .shorts([planar ? 1 : 0])
        for (tag, bits) in [(UInt32(0x0028_0100), UInt16(8)), (0x0028_0101, 8), (0x0028_0102, 7)] {
            file.elements[tag] = .shorts([bits])
        }
        file.elements[0x7fe0_0010] = .bytes(planar ? planes.flatMap { $0 } : pixels.flatMap { $0 })
        let volume = try open(file.bytes)
        #expect(volume.header.channels == 3 && volume.header.element == .uint8)
        #expect(try allBytes(volume) == planes.flatMap { $0 })
        file.elements[0x0028_0004] = .text("YBR_FULL")
        let first = try allBytes(open(file.bytes))
        // 0, 100, 200: 0 + 1.402 · 72, 0 + 0.344136 · 28 − 0.714136 · 72, 0 − 1.772 · 28.
        #expect([first[0], first[12], first[24]] == [101, 0, 0])
    }

    @Test func `of several series one is taken by its UID, and the others are listed`() throws {
        var scout = DICOMSample(number: 77)
        scout.elements[0x0020_000e] = .text("1.2.99")
        scout.elements[0x0008_103e] = .text("scout")
        let archive = DICOMSample.zip(DICOMSample.series() + [scout])
        #expect {
            _ = try open(archive)
        } throws: {
            "\($0)".contains("1.2.3 (\"thorax\", 5 slices of 3 × 4), 1.2.99 (\"scout\", 1 slice of 3 × 4)")
                && "\($0)".contains("dataset=") && !"\($0)".contains("DOE")
        }
        let taken = try open(archive, VolumeHints(dataset: "1.2.3")).header
        #expect(taken.extent.z == 5 && taken.part?.dataset == "1.2.3")
        #expect(try open(archive, VolumeHints(dataset: "1.2.99")).header.extent.z == 1)
        #expect {
            _ = try open(archive, VolumeHints(dataset: "1.2"))
        } throws: { "\($0)".contains("no DICOM series \"1.2\"") }
    }

    @Test func `what other programs put into archives doesn't count`() throws {
        let others = [
            ("README.txt", [UInt8](repeating: 0x41, count: 500)), ("scan/.DS_Store", [UInt8](repeating: 0, count: 500)),
            ("__MACOSX/scan/._IM0", DICOMSample().bytes), ("DICOMDIR", DICOMSample().bytes),
        ]
        let volume = try open(DICOMSample.zip(DICOMSample.series(), besides: others))
        #expect(try numbers(volume, UInt16.self) == Array(0..<60))
    }

    @Test func `files without the mark in front are read in an archive`() throws {
        let files = DICOMSample.series().enumerated().map { index, file in
            var file = file
            file.syntax = .implicit
            let bytes = file.bytes
            // Behind the preamble, the mark and the group of the file's own facts.
            return ("\(index)", Array(bytes[(132 + 12 + Int(bytes[140]))...]))
        }
        let volume = try open(ZipSample(files).bytes)
        #expect(try numbers(volume, UInt16.self) == Array(0..<60))
    }

    @Test func `nothing of the patient is kept`() throws {
        let volume = try open(DICOMSample.zip(DICOMSample.series()))
        let text = String(decoding: try JSONEncoder().encode(volume.header), as: UTF8.self)
        for word in ["DOE", "4711", "thorax", "1.2.3"] { #expect(!text.contains(word)) }
        #expect(folder.names == ["sample"])
    }

    @Test func `what is shown inverted is taken as it is stored, and said`() throws {
        var file = DICOMSample()
        file.elements[0x0028_0004] = .text("MONOCHROME1")
        let volume = try open(file.bytes)
        #expect(try numbers(volume, UInt16.self) == Array(0..<12))
        #expect(volume.header.part?.remarks.first?.contains("MONOCHROME1") == true)
    }

    @Test func `the sender's spacing goes before the files'`() throws {
        let header = try open(
            DICOMSample.zip(DICOMSample.series()), VolumeHints(spacing: Spacing(z: 3, y: 1, x: 1, unit: "millimeter"))
        ).header
        #expect(header.spacing.z == 3 && header.spacingInFile?.z == 2.5)
    }
}
