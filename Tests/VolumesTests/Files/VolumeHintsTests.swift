import Foundation
import TestSupport
import Testing
import Volumes

/// What a sender says goes before what a file says.
@Suite struct VolumeHintsTests {
    let folder: TemporaryFolder
    static let file = Spacing(z: 2, y: 0.2, x: 0.4, unit: "micrometer")
    static let given = Spacing(z: 3, y: 0.5, x: 0.5)

    init() throws { folder = try TemporaryFolder() }

    func open(
        _ format: VolumeFormat, _ hints: VolumeHints, spacing: Spacing = Self.file
    ) throws -> any VoxelSource {
        var header = VolumeHeader.sample(.uint8)
        header.spacing = spacing
        header.orientation = Orientation(
            affine: [0, -0.2, 0, 7, 0.4, 0, 0, 8, 0, 0, 2, 9, 0, 0, 0, 1])
        let url = folder.url.appendingPathComponent("file.\(format.fileExtension)")
        try writeVolume(randomVolume(header), as: format, to: url)
        return try openVolume(at: url, hints: hints, scratch: folder.url)
    }

    @Test(arguments: [VolumeFormat.nifti, .nrrd, .metaImage, .tiff])
    func `the sender's spacing wins, and both are known`(format: VolumeFormat) throws {
        let unit = format == .metaImage ? nil : "micrometer"
        let source = try open(format, VolumeHints(spacing: Self.given))
        #expect(source.header.spacing == Spacing(z: 3, y: 0.5, x: 0.5, unit: unit))
        #expect(source.header.spacingInFile == Spacing(z: 2, y: 0.2, x: 0.4, unit: unit))
        for copied in [VolumeFormat.nifti, .nrrd, .metaImage] {
            let url = folder.url.appendingPathComponent("copy.\(copied.fileExtension)")
            try writeVolume(source, as: copied, to: url)
            let header = try openVolume(at: url, scratch: folder.url).header
            #expect(header.spacing.z == 3 && header.spacing.y == 0.5 && header.spacing.x == 0.5, "\(copied)")
            guard format != .tiff else { continue }
            let affine: [Double] = [0, -0.5, 0, 7, 0.5, 0, 0, 8, 0, 0, 3, 9, 0, 0, 0, 1]
            #expect(header.place.affine == affine, "\(format) as \(copied)")
        }
    }

    @Test func `a unit alone wins too, and comes back in NIfTI`() throws {
        let source = try open(.nifti, VolumeHints(unit: "mm"))
        #expect(source.header.spacing == Spacing(z: 2, y: 0.2, x: 0.4, unit: "millimeter"))
        #expect(source.header.spacingInFile == Self.file)
        let url = folder.url.appendingPathComponent("copy.nii")
        try writeVolume(source, as: .nifti, to: url)
        #expect(try openVolume(at: url, scratch: folder.url).header.spacing.unit == "millimeter")
    }

    @Test func `what the file says too, or leaves open, is no contradiction`() throws {
        let same = try open(.nrrd, VolumeHints(spacing: Spacing(z: 2, y: 0.2, x: 0.4), unit: "um"))
        #expect(same.header.spacing == Self.file)
        #expect(same.header.spacingInFile == nil)
        let added = try open(.nifti, VolumeHints(unit: "micrometer"), spacing: Spacing(z: 2, y: 0.2, x: 0.4))
        #expect(added.header.spacing == Self.file)
        #expect(added.header.spacingInFile == nil)
        #expect(try open(.npy, VolumeHints(spacing: Self.given)).header.spacingInFile == nil)
    }

    @Test(arguments: [VolumeFormat.nifti, .nrrd, .metaImage])
    func `an order of axes is refused where the file says it itself`(format: VolumeFormat) throws {
        #expect(throws: VolumeError.self) { try open(format, VolumeHints(axes: "xyz")) }
        let plain = try open(format, VolumeHints())
        #expect(try open(format, VolumeHints(axes: "czyx")).header == plain.header)
        #expect(throws: Never.self) { try open(.npy, VolumeHints(axes: "yxz")) }
    }
}
