import Foundation
import TestSupport
import Testing
import Volumes

/// Names and colours of channels, as files have them.
@Suite struct ChannelLookTests {
    private let folder: TemporaryFolder
    private let looks = [
        ChannelLook(name: "DAPI", color: Color(red: 0, green: 0, blue: 255)), ChannelLook(name: "a b", color: nil),
    ]

    init() throws { folder = try TemporaryFolder() }

    private func open(_ name: String, _ bytes: [UInt8]) throws -> VolumeHeader {
        try openVolume(at: folder.file(name, bytes), scratch: folder.url, limit: 1 << 24).header
    }

    /// An OME-Zarr of two channels, with members of its image's attributes.
    private func zarr(_ more: String, is05: Bool = false) throws -> VolumeHeader {
        let (sample, attributes) = (ZarrSample(), ZarrSample.image(more: more))
        let files =
            try is05
            ? sample.store3(
                sample.format3(#"{"name":"bytes","configuration":{"endian":"little"}}"#), attributes: attributes)
            : sample.store2(attributes: attributes)
        return try open("\(UUID().uuidString).zip", ZipSample(files).bytes)
    }

    @Test(arguments: [false, true]) func `OME-Zarr has them in omero`(is05: Bool) throws {
        let one = #"{"label":"DAPI","color":"0000FF","window":{"start":0,"end":9}}"#
        let both = try zarr(#","omero":{"channels":[\#(one),{"label":"a\u0007 b","color":"blue"}]}"#, is05: is05)
        #expect(both.looks == looks)
        #expect(try both.isSame(as: zarr("", is05: is05)))
        for more in [
            "", #","omero":{"channels":[\#(one)]}"#, #","omero":{"channels":[{},{"label":""}]}"#, #","omero":3"#,
        ] {
            #expect(try zarr(more, is05: is05).looks == nil, "\(more)")
        }
        let opacity = try zarr(##","omero":{"channels":[{"color":"#0102037f"},{"color":"010203ff0"}]}"##, is05: is05)
        #expect(opacity.looks == [ChannelLook(color: Color(red: 1, green: 2, blue: 3)), ChannelLook()])
        let long = #"{"label":"\#(String(repeating: "x", count: 5000))"}"#
        #expect(try zarr(#","omero":{"channels":[\#(long),{}]}"#).looks?[0].name?.count == 200)
    }

    @Test func `OME-TIFF has them in its XML, colours with a sign`() throws {
        let channels = #"<Channel ID="a" Name="DAPI" Color="65535"/><Channel ID="b" Name="a b"/>"#
        let xml = { (channels: String) in
            #"<OME><Image><Pixels DimensionOrder="XYZCT" SizeX="4" SizeY="6" SizeZ="3" SizeC="2" SizeT="1">"#
                + channels + "</Pixels></Image></OME>"
        }
        let header = try open("a.tif", TIFFSample(pages: 6, description: xml(channels)).bytes)
        #expect(header.channels == 2 && header.looks == looks)
        let red = try open(
            "b.tif", TIFFSample(pages: 6, description: xml(#"<Channel Color="-16776961"/><Channel/>"#)).bytes)
        #expect(red.looks?[0].color == Color(red: 255, green: 0, blue: 0))
        #expect(try open("c.tif", TIFFSample(pages: 6, description: xml("<Channel/>")).bytes).looks == nil)
    }

    @Test func `Imaris has them in its DataSetInfo`() throws {
        let lines = [0, 3].flatMap { channel -> [String] in
            let group = "/DataSet/ResolutionLevel%200/TimePoint%200/Channel%20\(channel)"
            return ["D\t\(group)/Data\tu\t2\t20,30,40\t-", "A\t\(group)\tImageSizeX\tS\t40"]
        }
        let names = [
            "A\t/DataSetInfo/Channel%200\tName\tS\tDAPI", "A\t/DataSetInfo/Channel%200\tColor\tS\t0.000 0.000 1.000",
            "A\t/DataSetInfo/Channel%203\tName\tS\ta b", "A\t/DataSetInfo/Channel%203\tColor\tS\t2 0 0",
        ]
        let listing = HDF5Listing(Array((lines + names).joined(separator: "\n").utf8))
        #expect(try HDF5Selection(of: listing, VolumeHints()).looks == looks)
    }
}
