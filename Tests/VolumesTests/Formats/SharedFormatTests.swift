import Foundation
import Testing
import Volumes

/// The files that other programs wrote, each with the array it must be read as.
@Suite struct SharedFormatTests {
    struct Entry: Codable {
        var file: String
        var expect: String
        var shape_czyx: [Int]
        var dtype: String
        var spacing_zyx: [Double]?
        var unit: String?
        var affine: [[Double]]?
    }

    static let readable = ["nii", "gz", "npy", "nrrd", "mha", "tif"]

    static func entries() throws -> [(URL, Entry)] {
        guard let folder = Shared.folder("formats") else { return [] }
        let manifest = try Data(contentsOf: folder.appendingPathComponent("manifest.json"))
        return try JSONDecoder().decode([Entry].self, from: manifest)
            .filter { readable.contains(URL(fileURLWithPath: $0.file).pathExtension) }.map { (folder, $0) }
    }

    @Test func `every file gives the array, type, spacing and affine it should`() throws {
        let scratch = try TemporaryFolder()
        for (folder, entry) in try Self.entries() {
            let source = try openVolume(at: folder.appendingPathComponent(entry.file), scratch: scratch.url)
            let header = source.header
            let shape = [header.channels, header.extent.z, header.extent.y, header.extent.x]
            #expect(shape == entry.shape_czyx, "\(entry.file)")
            #expect(header.element.rawValue == entry.dtype, "\(entry.file)")
            let expected = try openVolume(at: folder.appendingPathComponent(entry.expect), scratch: scratch.url)
            #expect(try allBytes(source) == allBytes(expected), "\(entry.file)")
            if let spacing = entry.spacing_zyx {
                for (axis, length) in zip(Axis.allCases, spacing) {
                    #expect(abs(header.spacing[axis] - length) < 1e-6 * length, "\(entry.file)")
                }
            }
            #expect(header.spacing.unit == entry.unit, "\(entry.file)")
            if let affine = entry.affine {
                let known = try #require(header.orientation?.affine)
                for (a, b) in zip(known, affine.joined()) { #expect(abs(a - b) < 1e-6 * max(abs(b), 1)) }
            }
        }
    }

    @Test func `any box of every file is that part of its array`() throws {
        let scratch = try TemporaryFolder()
        var random = Random(seed: 3)
        for (folder, entry) in try Self.entries() {
            let source = try openVolume(at: folder.appendingPathComponent(entry.file), scratch: scratch.url)
            let whole = try InMemoryVolume(copyOf: source)
            for _ in 0..<20 {
                let box = Box.random(in: source.header.extent, using: &random)
                let channel = Int.random(in: 0..<source.header.channels, using: &random)
                #expect(try source.raw(box, channel: channel) == whole.raw(box, channel: channel), "\(entry.file)")
            }
        }
    }

    @Test func `written as NIfTI again every file keeps its voxels and where they lie`() throws {
        let folder = try TemporaryFolder()
        for (shared, entry) in try Self.entries() {
            let source = try openVolume(at: shared.appendingPathComponent(entry.file), scratch: folder.url)
            for format in [VolumeFormat.nifti, .niftiGzip] {
                let copy = folder.url.appendingPathComponent("copy.\(format.fileExtension)")
                try writeVolume(source, as: format, to: copy)
                let read = try openVolume(at: copy, scratch: folder.url)
                #expect(try allBytes(read) == allBytes(source), "\(entry.file)")
                #expect(try VolumeFormat.recognise(copy) == format)
                #expect(read.header.spacing == source.header.spacing, "\(entry.file)")
                guard let orientation = source.header.orientation else { continue }
                #expect(read.header.orientation?.affine == orientation.affine, "\(entry.file)")
                if orientation.nifti != nil { #expect(read.header.orientation == orientation, "\(entry.file)") }
            }
        }
    }

    @Test func `written in any other format every file keeps its voxels and place`() throws {
        let folder = try TemporaryFolder()
        for (shared, entry) in try Self.entries() {
            let source = try openVolume(at: shared.appendingPathComponent(entry.file), scratch: folder.url)
            for format in [VolumeFormat.npy, .nrrd, .metaImage, .tiff] {
                let copy = folder.url.appendingPathComponent("copy.\(format.fileExtension)")
                try writeVolume(source, as: format, to: copy)
                #expect(try VolumeFormat.recognise(copy) == format)
                let read = try openVolume(at: copy, scratch: folder.url)
                #expect(try allBytes(read) == allBytes(source), "\(entry.file) as \(format)")
                guard format != .npy else { continue }
                for axis in Axis.allCases {
                    #expect(abs(read.header.spacing[axis] - source.header.spacing[axis]) < 1e-6, "\(entry.file)")
                }
                guard let affine = source.header.orientation?.affine, source.header.channels == 1, format != .tiff
                else { continue }
                let known = try #require(read.header.orientation?.affine)
                for (a, b) in zip(known, affine) { #expect(abs(a - b) < 1e-9, "\(entry.file) as \(format)") }
            }
        }
    }
}

extension Box {
    /// A box inside a volume that is not empty.
    static func random(in extent: Extent, using random: inout Random) -> Box {
        var box = Box(extent: extent)
        for axis in Axis.allCases {
            box.origin[axis] = Int.random(in: 0..<extent[axis], using: &random)
            box.extent[axis] = Int.random(in: 1...extent[axis] - box.origin[axis], using: &random)
        }
        return box
    }
}
