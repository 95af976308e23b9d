import Foundation
import TestSupport
import Testing
import Volumes

/// Where a volume lies when it goes from one format to another; ITK's view of each file is the measure.
@Suite struct PlaceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func open(_ name: String, _ header: String, voxels: Int = 120) throws -> any VoxelSource {
        try openVolume(
            at: folder.file(name, Array(header.utf8) + [UInt8](repeating: 1, count: voxels)), scratch: folder.url)
    }

    func nrrd(_ fields: String) throws -> any VoxelSource {
        try open(
            "a.nrrd", "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 4 5 6\nencoding: raw\n\(fields)\n\n")
    }

    func metaImage(_ fields: String, sizes: String = "4 5 6") throws -> any VoxelSource {
        try open(
            "a.mha",
            "ObjectType = Image\nNDims = \(sizes.split(separator: " ").count)\n\(fields)\nDimSize = \(sizes)\n"
                + "ElementType = MET_UCHAR\nElementDataFile = LOCAL\n")
    }

    /// Written and read again.
    func copy(_ source: any VoxelSource, _ format: VolumeFormat) throws -> (header: VolumeHeader, bytes: [UInt8]) {
        let url = folder.url.appendingPathComponent("copy.\(format.fileExtension)")
        try writeVolume(source, as: format, to: url)
        return (try openVolume(at: url, scratch: folder.url).header, [UInt8](try Data(contentsOf: url)))
    }

    /// Rows of x, y and z to right, anterior and superior.
    static let plain: [Double] = [-0.5, 0, 0, 0, 0, -0.5, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1]

    @Test(arguments: [VolumeFormat.nifti, .nrrd, .metaImage])
    func `a volume without a place has one and the same in every format`(format: VolumeFormat) throws {
        for source in [try nrrd("spacings: 0.5 0.5 2"), try metaImage("ElementSpacing = 0.5 0.5 2")] {
            #expect(!source.header.isPlaced)
            #expect(source.header.place.affine == Self.plain)
            #expect(try copy(source, format).header.place.affine == Self.plain)
        }
    }

    @Test func `a NIfTI file without codes has no place, and keeps that`() throws {
        let file = try copy(try nrrd("spacings: 0.5 0.5 2"), .nifti)
        var bytes = file.bytes
        bytes.replaceSubrange(252..<256, with: [0, 0, 0, 0])
        let source = try openVolume(at: folder.file("uncoded.nii", bytes), scratch: folder.url)
        #expect(!source.header.isPlaced)
        #expect(source.header.place.affine == Self.plain)
        #expect(try copy(source, .nifti).bytes[252..<256] == [0, 0, 0, 0])
        #expect(try copy(source, .metaImage).header.place.affine == Self.plain)
    }

    @Test(arguments: ["1e200", "1e-200"])
    func `lengths beyond any computation are refused with the remedy, which helps`(length: String) throws {
        let headers = [
            ("a.nrrd", "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 4 5 6\nencoding: raw\nspacings: 1 1 \(length)\n\n"),
            (
                "b.nrrd",
                "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 4 5 6\nencoding: raw\nspace: LPS\n"
                    + "space directions: (1,0,0) (0,1,0) (0,0,\(length))\n\n"
            ),
            (
                "c.mha",
                "ObjectType = Image\nNDims = 3\nTransformMatrix = 1 0 0 0 \(length) 0 0 0 1\nDimSize = 4 5 6\n"
                    + "ElementType = MET_UCHAR\nElementDataFile = LOCAL\n"
            ),
        ]
        for (name, header) in headers {
            let refusal = #expect(throws: VolumeError.self, "\(name)") { try open(name, header) }
            #expect("\(String(describing: refusal))".contains("spacing=z,y,x"), "\(name)")
            let file = folder.url.appendingPathComponent(name)
            let hints = VolumeHints(spacing: Spacing(z: 2, y: 1, x: 1))
            let source = try openVolume(at: file, hints: hints, scratch: folder.url)
            #expect(source.header.spacing.z == 2 && !source.header.isPlaced, "\(name)")
            for format in [VolumeFormat.nifti, .nrrd, .metaImage, .tiff] {
                let spacing = try copy(source, format).header.spacing
                #expect((spacing.z, spacing.y, spacing.x) == (2, 1, 1), "\(name) as \(format)")
            }
        }
    }

    @Test func `spaces of NRRD are told apart, those without names of directions are ITK's`() throws {
        let vectors = "space directions: (0.5,0,0) (0,0.5,0) (0,0,2)\nspace origin: (1,2,3)"
        for (space, signs) in [
            ("space: left-posterior-superior", [-1.0, -1]), ("space: RAS", [1, 1]), ("space: LAS", [-1, 1]),
            ("space: scanner-xyz", [-1, -1]), ("space dimension: 3", [-1, -1]),
        ] {
            let affine = try nrrd("\(space)\n\(vectors)").header.place.affine
            #expect(affine[0] == 0.5 * signs[0] && affine[5] == 0.5 * signs[1] && affine[10] == 2, "\(space)")
            #expect(affine[3] == signs[0] && affine[7] == 2 * signs[1] && affine[11] == 3, "\(space)")
        }
    }

    @Test func `a direction without a vector belongs to the channels, however it is written`() throws {
        for none in ["none", "(nan,nan,nan)", "(NaN, nan, NAN)"] {
            let source = try open(
                "c.nrrd",
                "NRRD0004\ntype: uint8\ndimension: 4\nsizes: 2 4 5 6\nencoding: raw\nspace: LPS\n"
                    + "space directions: \(none) (0.5,0,0) (0,0.5,0) (0,0,2)\n\n", voxels: 240)
            #expect(source.header.channels == 2)
            #expect(source.header.place.affine == Self.plain, "\(none)")
        }
        #expect(throws: VolumeError.self) { try nrrd("space: LPS\nspace directions: (0.5,nan,0) (0,1,0) (0,0,2)") }
    }

    @Test(arguments: [
        ("spacings: 0.5 0.5 2\naxis mins: 3 4 5", [0.5, 0.5, 2, 3.25, 4.25, 6]),
        ("spacings: 0.5 0.5 2\naxismins: 3 4 5\ncenterings: cell cell cell", [0.5, 0.5, 2, 3.25, 4.25, 6]),
        ("spacings: 0.5 0.5 2\naxis mins: 3 4 5\ncenterings: node node node", [0.5, 0.5, 2, 3, 4, 5]),
        ("axis mins: 3 4 5\naxis maxs: 7 9 11", [1, 1, 1, 3.5, 4.5, 5.5]),
        ("axis mins: 3 4 5\naxis maxs: 6 8 15\ncenterings: node node node", [1, 1, 2, 3, 4, 5]),
    ])
    func `an NRRD whose axes begin somewhere lies there, as ITK reads it`(fields: String, numbers: [Double]) throws {
        let source = try nrrd(fields)
        #expect(
            source.header.place.affine == [
                -numbers[0], 0, 0, -numbers[3], 0, -numbers[1], 0, -numbers[4], 0, 0, numbers[2], numbers[5], 0, 0, 0,
                1,
            ])
        #expect(source.header.isPlaced)
        #expect(try copy(source, .nifti).header.place.affine == source.header.place.affine)
        #expect(try !nrrd("axis mins: 3 4 5").header.isPlaced)
        #expect(try !nrrd("spacings: 0.5 0.5 2\naxis mins: 3 nan 5").header.isPlaced)
    }

    @Test(arguments: [
        ("TransformMatrix", "Offset"), ("Rotation", "Position"), ("Orientation", "Origin"), ("TransformMatrix", ""),
        ("", "Offset"),
    ])
    func `MetaImage's direction and position count alone and by any of their names`(
        direction: String, position: String
    ) throws {
        let fields = [
            direction.isEmpty ? "" : "\(direction) = 0 1 0 -1 0 0 0 0 1\n",
            position.isEmpty ? "" : "\(position) = 1 2 3\n",
        ]
        let source = try metaImage(fields.joined() + "ElementSpacing = 0.5 0.5 2")
        let directions: [Double] = direction.isEmpty ? [-0.5, 0, 0, -0.5] : [0, 0.5, -0.5, 0]
        let origin: [Double] = position.isEmpty ? [0, 0, 0] : [-1, -2, 3]
        let affine = [
            directions[0], directions[1], 0, origin[0], directions[2], directions[3], 0, origin[1], 0, 0, 2, origin[2],
            0, 0, 0, 1,
        ]
        for format in [VolumeFormat.metaImage, .nrrd, .nifti] {
            #expect(try copy(source, format).header.place.affine == affine, "\(format)")
        }
    }

    @Test func `a picture of two axes has a place too`() throws {
        let source = try metaImage("Offset = 1 2\nElementSpacing = 0.5 0.5", sizes: "4 5")
        #expect(source.header.place.affine == [-0.5, 0, 0, -1, 0, -0.5, 0, -2, 0, 0, 1, 0, 0, 0, 0, 1])
        #expect(throws: VolumeError.self) { try metaImage("Offset = 1 2\nElementSpacing = 0.5 0.5 2") }
    }

    @Test func `a stale pixdim gives way to the affine, and no direction leaves with another length than one`() throws {
        let file = try copy(try nrrd("space: RAS\nspace directions: (0.5,0,0) (0,0.5,0) (0,0,2)"), .nifti)
        var bytes = file.bytes
        for axis in 0..<3 {
            withUnsafeBytes(of: Float(1)) { bytes.replaceSubrange(80 + 4 * axis..<84 + 4 * axis, with: $0) }
        }
        let source = try openVolume(at: folder.file("stale.nii", bytes), scratch: folder.url)
        #expect(source.header.spacing == Spacing(z: 2, y: 0.5, x: 0.5))
        let text = String(decoding: try copy(source, .metaImage).bytes.prefix(400), as: UTF8.self)
        #expect(text.contains("ElementSpacing = 0.5 0.5 2.0\n"))
        #expect(text.contains("TransformMatrix = -1.0 0.0 0.0 0.0 -1.0 0.0 0.0 0.0 1.0\n"))
        // A volume that an earlier version stored has the wrong spacing beside its affine.
        var header = source.header
        header.spacing = Spacing()
        let old = try InMemoryVolume(header: header, bytes: allBytes(source))
        #expect(try copy(old, .metaImage).header.place.affine == source.header.place.affine)
        #expect(String(decoding: try copy(old, .metaImage).bytes.prefix(400), as: UTF8.self) == text)
    }
}
