import Foundation
import TestSupport
import Testing
import Volumes

/// Headers of text: their encoding and their length.
@Suite struct TextHeaderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// `µ` in the header becomes the single byte of Latin-1.
    func latin(_ text: String) -> [UInt8] { text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } }

    func unit(_ bytes: [UInt8]) throws -> String? {
        try openVolume(at: folder.file("latin", bytes), scratch: folder.url).header.spacing.unit
    }

    @Test func `a micro sign in Latin-1 is one`() throws {
        let nrrd =
            "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 2 2 2\nencoding: raw\nspacings: 1 1 2\nunits: \"µm\" \"µm\" \"µm\"\n\n"
        let eight = [UInt8](repeating: 1, count: 8)
        #expect(try unit(latin(nrrd) + eight) == "micrometer")
        #expect(try unit(Array(nrrd.utf8) + eight) == "micrometer")
        let twice = String(decoding: Array(nrrd.utf8).flatMap { Array(String(Unicode.Scalar($0)).utf8) }, as: UTF8.self)
        #expect(try unit(Array(twice.utf8) + eight) == "micrometer")
        var imageJ = TIFFSample(description: "ImageJ=1.41\nunit=XXm\nspacing=2\n").bytes
        let place = try #require(imageJ.firstRange(of: Array("XXm\n".utf8)))
        imageJ.replaceSubrange(place, with: latin("µm\n\n"))
        #expect(try unit(imageJ) == "micrometer")
        let text = #"<OME><Pixels SizeZ="1" PhysicalSizeX="1" PhysicalSizeXUnit="XXm"/></OME>"#
        var ome = TIFFSample(description: text).bytes
        let spot = try #require(ome.firstRange(of: Array(#""XXm"/"#.utf8)))
        ome.replaceSubrange(spot, with: latin(#""µm" /"#))
        #expect(try unit(ome) == "micrometer")
        let metaImage =
            "ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nDistanceUnits = µm\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n"
        #expect(try unit(latin(metaImage) + eight) == "micrometer")
    }

    @Test(arguments: [
        ("cm", "centimeter"), ("Å", "angstrom"), ("inch", "inch"), ("Microns", "micrometer"), ("px", "px"),
    ])
    func `units have one name, however they are spelled`(written: String, name: String) throws {
        let header =
            "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 2 2 2\nencoding: raw\nspacings: 1 1 2\nunits: \"\(written)\"\n\n"
        #expect(try unit(Array(header.utf8) + [UInt8](repeating: 1, count: 8)) == name)
    }

    @Test(arguments: [70_000, 2_000_000])
    func `long headers are read, packed or not`(length: Int) throws {
        let voxels = (0..<8).map { UInt8($0) }
        let segments = (0..<length / 200).map { "Segment\($0)_Tags:=\(String(repeating: "t", count: 180))\n" }.joined()
        let nrrd = "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 2 2 2\nencoding: raw\n\(segments)\n"
        let metaImage =
            "ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nComment = \(String(repeating: "c", count: length))\n"
            + "ElementType = MET_UCHAR\nElementDataFile = LOCAL\n"
        for header in [nrrd, metaImage] {
            let file = try folder.file("long", Array(header.utf8) + voxels)
            #expect(try allBytes(openVolume(at: file, scratch: folder.url)) == voxels)
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/gzip")
            process.arguments = ["-kf", file.path]
            try process.run()
            process.waitUntilExit()
            let packed = file.appendingPathExtension("gz")
            #expect(try allBytes(openVolume(at: packed, scratch: folder.url)) == voxels)
        }
    }

    @Test func `a header without an end is refused, however long it is`() throws {
        for length in [100, 70_000, 20 << 20] {
            let header = "NRRD0004\ntype: uint8\nnote:=" + String(repeating: "x", count: length)
            #expect {
                _ = try openVolume(at: folder.file("endless", Array(header.utf8)), scratch: folder.url)
            } throws: { "\($0)".contains("no empty line at its end within its first") }
        }
    }
}
