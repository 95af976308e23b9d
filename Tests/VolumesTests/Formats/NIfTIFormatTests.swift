import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct NIfTIFormatTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A written file of one channel, changed at some places of its header.
    func file(_ changes: [(at: Int, bytes: [UInt8])], element: ElementType = .int16) throws -> URL {
        let url = folder.url.appendingPathComponent("file.nii")
        try writeVolume(try randomVolume(.sample(element)), as: .nifti, to: url)
        var bytes = [UInt8](try Data(contentsOf: url))
        for change in changes { bytes.replaceSubrange(change.at..<change.at + change.bytes.count, with: change.bytes) }
        return try folder.file("changed.nii", bytes)
    }

    func bytes(_ number: Float) -> [UInt8] { withUnsafeBytes(of: number) { [UInt8]($0) } }

    func message(_ changes: [(at: Int, bytes: [UInt8])]) throws -> String {
        let file = try file(changes)
        do {
            _ = try openVolume(at: file, scratch: folder.url)
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: ElementType.allCases) func `every number type comes back`(element: ElementType) throws {
        for channels in [1, 3] {
            let volume = try randomVolume(.sample(element, channels: channels, z: 3, y: 5, x: 9))
            for format in [VolumeFormat.nifti, .niftiGzip, .npy] {
                let url = folder.url.appendingPathComponent("all.\(format.fileExtension)")
                try writeVolume(volume, as: format, to: url)
                let read = try openVolume(at: url, scratch: folder.url)
                #expect(read.header.element == element)
                #expect(read.header.channels == channels)
                #expect(try allBytes(read) == volume.bytes)
            }
        }
    }

    @Test(arguments: [(128, 3), (2304, 4)]) func `colours are channels`(datatype: Int16, samples: Int) throws {
        let header = VolumeHeader.sample(.uint8, channels: samples, z: 2, y: 3, x: 4)
        let volume = try randomVolume(header)
        let url = folder.url.appendingPathComponent("colors.nii")
        try writeVolume(try randomVolume(.sample(.uint8, z: 2, y: 3, x: 4)), as: .nifti, to: url)
        var file = [UInt8](try Data(contentsOf: url))
        file.replaceSubrange(70..<72, with: withUnsafeBytes(of: datatype) { [UInt8]($0) })
        file.removeLast(24)
        for voxel in 0..<24 { for sample in 0..<samples { file.append(volume.bytes[sample * 24 + voxel]) } }
        try Data(file).write(to: url)
        let read = try openVolume(at: url, scratch: folder.url)
        #expect(read.header.channels == 3)
        #expect(try allBytes(read) == Array(volume.bytes.prefix(72)))
        var hints = VolumeHints()
        hints.areLabels = true
        #expect(try allBytes(openVolume(at: url, hints: hints, scratch: folder.url)) == volume.bytes)
        file.removeLast()
        try Data(file).write(to: url)
        #expect(throws: VolumeError.self) { try openVolume(at: url, scratch: folder.url) }
    }

    @Test func `a slope of 0 or none means unscaled, another gives floats`() throws {
        let plain = try openVolume(at: file([(112, bytes(0)), (116, bytes(5))]), scratch: folder.url)
        #expect(plain.header.element == .int16)
        let none = try openVolume(at: file([(112, bytes(.nan)), (116, bytes(.nan))]), scratch: folder.url)
        #expect(none.header.element == .int16)
        let scaled = try openVolume(at: file([(112, bytes(2)), (116, bytes(-1))]), scratch: folder.url)
        #expect(scaled.header.element == .float32)
        let box = Box(extent: plain.header.extent)
        #expect(try scaled.floats(box) == plain.floats(box).map { $0 * 2 - 1 })
    }

    @Test func `what is wrong with a header is said`() throws {
        #expect(try message([(40, [9, 0])]).contains("dim[0] says the array has 9 axes"))
        #expect(try message([(44, [0xff, 0xff])]).contains("dim[2] is -1"))
        #expect(try message([(42, [0xff, 0x7f])]).contains("cut off: its header requires"))
        #expect(try message([(70, [32, 0])]).contains("complex"))
        #expect(try message([(108, bytes(.nan))]).contains("vox_offset"))
        #expect(try message([(108, bytes(100))]).contains("at least 352"))
        #expect(try message([(80, bytes(.nan))]).contains("pixdim"))
        #expect(try message([(280, bytes(.infinity))]).contains("affine"))
        #expect(try message([(40, [5, 0]), (48, [2, 0, 3, 0])]).contains("2 time points of 3 channels"))
        #expect(try message([(112, bytes(2)), (116, bytes(.nan))]).contains("scl_inter"))
    }

    @Test func `a result for an oblique volume carries every field of its placement`() throws {
        var numbers: [(Int, [UInt8])] = []
        var random = Random(seed: 5)
        for place in stride(from: 256, to: 328, by: 4) {
            numbers.append((place, bytes(.random(in: -1...1, using: &random))))
        }
        let original = try file(numbers + [(252, [2, 0, 1, 0]), (123, [3])])
        let source = try openVolume(at: original, scratch: folder.url)
        let labels = try InMemoryVolume(
            header: source.header.with(element: .uint8),
            bytes: [UInt8](repeating: 1, count: source.header.extent.voxels))
        let result = folder.url.appendingPathComponent("labels.nii")
        try writeVolume(labels, as: .nifti, to: result)
        let (a, b) = (try Data(contentsOf: original), try Data(contentsOf: result))
        #expect(a[76..<108] == b[76..<108])
        #expect(a[123] == b[123])
        #expect(a[252..<328] == b[252..<328])
        let stored = try JSONDecoder().decode(VolumeHeader.self, from: JSONEncoder().encode(source.header))
        #expect(stored == source.header)
    }

    @Test(
        arguments: [
            ("nanometer", "micrometer", 1e-3), ("angstrom", "micrometer", 1e-4), ("centimeter", "millimeter", 10),
            ("inch", "millimeter", 25.4), ("micrometer", "micrometer", 1), ("pixels", nil, 1),
        ] as [(String, String?, Double)])
    func `lengths in units that NIfTI lacks are converted`(unit: String, written: String?, factor: Double) throws {
        var header = VolumeHeader.sample(.uint8)
        header.spacing = Spacing(z: 500, y: 4, x: 4, unit: unit)
        header.orientation = Orientation(affine: [0, 4, 0, 8, 4, 0, 0, 40, 0, 0, 500, 80, 0, 0, 0, 1])
        let url = folder.url.appendingPathComponent("unit.nii")
        try writeVolume(randomVolume(header), as: .nifti, to: url)
        let read = try openVolume(at: url, scratch: folder.url).header
        #expect(read.spacing.unit == written)
        #expect(abs(read.spacing.z / (500 * factor) - 1) < 1e-6 && abs(read.spacing.x / (4 * factor) - 1) < 1e-6)
        let affine = try #require(read.orientation?.affine)
        for (index, number) in header.place.affine.enumerated() {
            #expect(abs(affine[index] - (index < 12 ? number * factor : number)) <= 1e-6 * abs(number * factor))
        }
    }

    @Test func `channels are a vector for each voxel by their intent code`() throws {
        for (channels, z, version) in [(3, 5, 1), (1, 5, 1), (2, 40_000, 2)] {
            let url = folder.url.appendingPathComponent("intent.nii")
            let size = z == 5 ? 3 : 1
            try writeVolume(
                randomVolume(.sample(.uint8, channels: channels, z: z, y: size, x: size)), as: .nifti, to: url)
            let bytes = [UInt8](try Data(contentsOf: url))
            let code = version == 1 ? bytes[68..<70] : bytes[504..<506]
            #expect(Array(code) == (channels > 1 ? [0xef, 0x03] : [0, 0]))
        }
    }

    @Test func `a volume with more than 32767 voxels along an axis becomes NIfTI-2`() throws {
        let volume = try randomVolume(.sample(.uint8, z: 1, y: 1, x: 40_000))
        let url = folder.url.appendingPathComponent("long.nii.gz")
        try writeVolume(volume, as: .niftiGzip, to: url)
        let read = try openVolume(at: url, scratch: folder.url)
        #expect(read.header.orientation?.nifti?["version"] == [2])
        #expect(try allBytes(read) == volume.bytes)
    }

    @Test func `nothing stays behind in the scratch folder`() throws {
        let url = folder.url.appendingPathComponent("one.nii.gz")
        try writeVolume(try randomVolume(.sample(.uint16)), as: .niftiGzip, to: url)
        let source = try openVolume(at: url, scratch: folder.url)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["one.nii.gz"])
        _ = try allBytes(source)
    }
}
