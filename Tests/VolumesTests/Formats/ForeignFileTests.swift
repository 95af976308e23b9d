import Foundation
import TestSupport
import Testing
import Volumes

/// The files that other programs wrote, each with the array it must be read as.
@Suite(.enabled(if: ForeignFile.areThere, ForeignFile.whyNot)) struct ForeignFileTests {
    @Test func `every file gives the array, type, spacing and affine it should`() throws {
        let scratch = try TemporaryFolder()
        for foreign in try ForeignFile.all() {
            let source = try openVolume(at: foreign.url, scratch: scratch.url)
            let header = source.header
            let shape = [header.channels, header.extent.z, header.extent.y, header.extent.x]
            #expect(shape == foreign.shape, "\(foreign)")
            #expect(header.element.rawValue == foreign.element, "\(foreign)")
            let expected = try openVolume(at: foreign.expectation, scratch: scratch.url)
            #expect(try allBytes(source) == allBytes(expected), "\(foreign)")
            if let spacing = foreign.spacing {
                for (axis, length) in zip(Axis.allCases, spacing) {
                    #expect(abs(header.spacing[axis] - length) < 1e-6 * length, "\(foreign)")
                }
            }
            #expect(header.spacing.unit == foreign.unit, "\(foreign)")
            if let affine = foreign.affine {
                let known = try #require(header.orientation?.affine)
                for (a, b) in zip(known, affine.joined()) { #expect(abs(a - b) < 1e-6 * max(abs(b), 1)) }
            }
        }
    }

    @Test func `any box of every file is that part of its array`() throws {
        let scratch = try TemporaryFolder()
        var random = Random(seed: 3)
        for foreign in try ForeignFile.all() {
            let source = try openVolume(at: foreign.url, scratch: scratch.url)
            let whole = try InMemoryVolume(copyOf: source)
            for _ in 0..<20 {
                let box = Box.random(in: source.header.extent, using: &random)
                let channel = Int.random(in: 0..<source.header.channels, using: &random)
                #expect(try source.raw(box, channel: channel) == whole.raw(box, channel: channel), "\(foreign)")
            }
        }
    }

    @Test func `written as NIfTI again every file keeps its voxels and where they lie`() throws {
        let folder = try TemporaryFolder()
        for foreign in try ForeignFile.all() {
            let source = try openVolume(at: foreign.url, scratch: folder.url)
            for format in [VolumeFormat.nifti, .niftiGzip] {
                let copy = folder.url.appendingPathComponent("copy.\(format.fileExtension)")
                try writeVolume(source, as: format, to: copy)
                let read = try openVolume(at: copy, scratch: folder.url)
                #expect(try allBytes(read) == allBytes(source), "\(foreign)")
                #expect(try VolumeFormat.recognise(copy) == format)
                #expect(read.header.spacing == source.header.spacing, "\(foreign)")
                guard let orientation = source.header.orientation else { continue }
                #expect(read.header.orientation?.affine == orientation.affine, "\(foreign)")
                if orientation.nifti != nil { #expect(read.header.orientation == orientation, "\(foreign)") }
            }
        }
    }

    @Test func `written in any other format every file keeps its voxels and place`() throws {
        let folder = try TemporaryFolder()
        for foreign in try ForeignFile.all() {
            let source = try openVolume(at: foreign.url, scratch: folder.url)
            for format in [VolumeFormat.npy, .nrrd, .metaImage, .tiff] {
                let copy = folder.url.appendingPathComponent("copy.\(format.fileExtension)")
                try writeVolume(source, as: format, to: copy)
                #expect(try VolumeFormat.recognise(copy) == format)
                let read = try openVolume(at: copy, scratch: folder.url)
                #expect(try allBytes(read) == allBytes(source), "\(foreign) as \(format)")
                guard format != .npy else { continue }
                for axis in Axis.allCases {
                    #expect(abs(read.header.spacing[axis] - source.header.spacing[axis]) < 1e-6, "\(foreign)")
                }
                guard let affine = source.header.orientation?.affine, source.header.channels == 1, format != .tiff
                else { continue }
                let known = try #require(read.header.orientation?.affine)
                for (a, b) in zip(known, affine) { #expect(abs(a - b) < 1e-9, "\(foreign) as \(format)") }
            }
        }
    }
}
