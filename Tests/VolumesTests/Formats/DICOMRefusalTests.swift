import Foundation
import TestSupport
import Testing
import Volumes

/// Files of DICOM that are no volume, or damaged: each is refused with what would be right.
@Suite struct DICOMRefusalTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func refuses(
        _ bytes: [UInt8], _ hints: VolumeHints = VolumeHints(), limit: Int = 1 << 24, saying reason: String,
        at location: SourceLocation = #_sourceLocation
    ) {
        #expect(sourceLocation: location) {
            _ = try openVolume(at: folder.file("sample", bytes), hints: hints, scratch: folder.url, limit: limit)
        } throws: {
            $0 is VolumeError && "\($0)".contains(reason) && !"\($0)".contains("DOE")
        }
    }

    /// The series with a change to one slice or all.
    func series(_ change: (Int, inout DICOMSample) -> Void) -> [UInt8] {
        var files = DICOMSample.series()
        for index in files.indices { change(index, &files[index]) }
        return DICOMSample.zip(files)
    }

    @Test func `a missing slice is refused with the place of the gap`() {
        var files = DICOMSample.series()
        files.remove(at: 3)
        refuses(
            DICOMSample.zip(files),
            saying: "slices of the series are missing: they are 2.5 mm apart, but 5.0 mm between 8.5 and 13.5")
        files = DICOMSample.series()
        files.removeSubrange(1...2)
        refuses(DICOMSample.zip(files), saying: "they are 2.5 mm apart, but 7.5 mm between 3.5 and 11.0")
    }

    @Test func `uneven steps are refused, and those of rounding are not`() throws {
        let moved = { (z: Double) in
            series { index, file in
                if index == 2 { file.elements[0x0020_0032] = .text("-7\\11\\\(z)") }
            }
        }
        refuses(moved(8.9), saying: "lie unevenly: they are 2.5 mm apart, but 2.9 mm between 6.0 and 8.9")
        #expect(try openVolume(at: folder.file("even", moved(8.51)), scratch: folder.url).header.spacing.z == 2.5)
    }

    @Test func `several slices at a place are refused with the tags in which they differ`() {
        let first = DICOMSample.series().map { file in
            var file = file
            file.elements[0x0018_0081] = .text("4.6")
            return file
        }
        let second = first.enumerated().map { index, file in
            var file = file
            file.elements[0x0018_0081] = .text("6.9")
            file.elements[0x0008_0018] = .text("1.2.4.\(index)")
            return file
        }
        refuses(
            DICOMSample.zip(first + second),
            saying: "10 slices at 5 places, so it is several volumes: those at one place differ in EchoTime (0018,0081)"
        )
        refuses(DICOMSample.zip(first + [first[2]]), saying: "some of them are there twice")
    }

    @Test func `slices that are no block are refused with the reason`() {
        refuses(
            series { index, file in
                file.elements[0x0020_0032] = .text("-7\\\(11 + index)\\\(3.5 + 2.5 * Double(index))")
            },
            saying: "shifted against each other by up to 4.0 mm, as a tilted gantry")
        refuses(
            series { index, file in
                if index == 1 { file.elements[0x0020_0037] = .text("1\\0\\0\\0\\0\\-1") }
            }, saying: "lie in 2 directions, as scouts do")
        refuses(
            series { index, file in
                guard index == 1 else { return }
                file.elements[0x0028_0010] = .shorts([3])
                file.elements[0x7fe0_0010] = .words(Array(0..<9))
            }, saying: "differ in size: 3 × 4 pixels of 1 samples, 3 × 3")
        refuses(
            series { index, file in
                if index == 1 { file.elements[0x0028_0030] = .text("0.5\\0.5") }
            }, saying: "differ in PixelSpacing: 0.5\\0.25; 0.5\\0.5")
        refuses(series { _, file in file.elements[0x0020_0032] = nil }, saying: "don't say where they lie")
        refuses(
            series { index, file in
                if index == 1 { file.elements[0x0020_0032] = nil }
            }, saying: "1 of the series' 5 slices don't say where they lie")
        refuses(
            series { _, file in file.elements[0x0020_0037] = .text("1\\0\\0\\1\\0\\0") }, saying: "at right angles")
        refuses(series { _, file in file.elements[0x0020_0032] = .text("1\\2") }, saying: "must be 3 numbers")
    }

    @Test(arguments: [
        ("1.2.840.10008.5.1.4.1.1.66.4", "a segmentation (SEG)"), ("1.2.840.10008.5.1.4.1.1.481.3", "RTSTRUCT"),
        ("1.2.840.10008.5.1.4.1.1.481.2", "RTDOSE"), ("1.2.840.10008.5.1.4.1.1.77.1.6", "whole slide"),
    ])
    func `objects that are no images are refused by name, and left out beside images`(kind: String, name: String) throws
    {
        var file = DICOMSample(number: 50)
        file.elements[0x0008_0016] = .text(kind)
        file.elements[0x0020_000e] = .text("1.2.50")
        refuses(file.bytes, saying: name)
        let volume = try openVolume(
            at: folder.file("both", DICOMSample.zip(DICOMSample.series() + [file])), scratch: folder.url)
        #expect(volume.header.extent.z == 5)
        #expect(volume.header.part?.remarks.contains { $0.contains(name) } == true)
    }

    @Test func `labels are refused with the programs that convert them`() {
        var hints = VolumeHints()
        hints.areLabels = true
        refuses(DICOMSample().bytes, hints, saying: "labels are not taken from DICOM: 3D Slicer saves")
    }

    @Test func `voxels of a kind that is not read are refused by its name`() {
        var file = DICOMSample()
        file.statedSyntax = "1.2.840.10008.1.2.4.102"
        refuses(file.bytes, saying: "transfer syntax is MPEG-4 AVC/H.264")
        file.statedSyntax = "1.2.840.10008.1.2.4.201"
        refuses(file.bytes, saying: "High-Throughput JPEG 2000")
        file.statedSyntax = nil
        file.elements[0x0028_0004] = .text("PALETTE COLOR")
        refuses(file.bytes, saying: "PhotometricInterpretation is \"PALETTE COLOR\"")
        file.elements[0x0028_0004] = .text("MONOCHROME2")
        file.elements[0x0028_3000] = .items([[0x0028_3002: .shorts([1, 0, 16])]])
        refuses(file.bytes, saying: "places in a table")
        file.elements[0x0028_3000] = nil
        file.elements[0x0028_1053] = .text("0")
        refuses(file.bytes, saying: "RescaleSlope is 0")
        file.elements[0x0028_1053] = nil
        file.elements[0x0028_0100] = .shorts([12])
        refuses(file.bytes, saying: "integers in 8, 16 or 32 bits are read")
    }

    @Test func `sizes beyond what is there, or may be, are refused`() {
        var file = DICOMSample()
        file.elements[0x0028_0010] = .shorts([60000])
        file.elements[0x0028_0011] = .shorts([60000])
        refuses(file.bytes, saying: "at most")
        file.elements[0x0028_0010] = .shorts([5])
        file.elements[0x0028_0011] = .shorts([3])
        refuses(file.bytes, saying: "has fewer voxels than it says")
        file.elements[0x0028_0010] = .shorts([1])
        refuses(file.bytes, saying: "has more voxels than it says")
        file.elements[0x0028_0010] = .shorts([4])
        file.elements[0x0028_0008] = .text("2000000000")
        refuses(file.bytes, saying: "pixels and 0 frames")
        refuses(DICOMSample.zip(DICOMSample.series()), limit: 100, saying: "at most")
        refuses(DICOMSample.zip([]), saying: "no volume that is known")
    }

    @Test func `a series with a damaged file is refused, not shortened`() {
        let files = DICOMSample.series().map(\.bytes)
        let archive = { (last: [UInt8]) in
            ZipSample(files.dropLast().enumerated().map { ("\($0)", $1) } + [("last", last)]).bytes
        }
        refuses(archive(Array(files[4].dropLast(3))), saying: "cut off")
        refuses(archive(Array(files[4].prefix(200))), saying: "DICOM file")
        refuses(archive(Array(files[4].prefix(140)) + [UInt8](repeating: 0xff, count: 300)), saying: "DICOM file")
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
        var random = Random(seed: 12)
        let file = DICOMSample()
        var implicit = file
        implicit.syntax = .implicit
        for bytes in [file.bytes, implicit.bytes, file.packed.bytes] {
            for _ in 0..<8 {
                try attempt(Array(bytes.prefix(Int.random(in: 132..<bytes.count, using: &random))))
                var changed = bytes
                for _ in 0..<10 {
                    changed[Int.random(in: 132..<bytes.count, using: &random)] = UInt8.random(
                        in: 0...255, using: &random)
                }
                try attempt(changed)
            }
        }
        #expect(folder.names == ["attempt"])
    }
}
