import Foundation
import TestSupport
import Testing
import Volumes

/// Axes and spacing as ImageJ, OME and tifffile write them, and as senders name them.
@Suite struct TIFFDescriptionTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func open(_ pages: Int, _ description: String?, axes: String? = nil) throws -> any VoxelSource {
        let sample = TIFFSample(pages: pages, description: description)
        return try openVolume(
            at: folder.file("sample.tif", sample.bytes), hints: VolumeHints(axes: axes), scratch: folder.url)
    }

    /// Channels, planes and the file's page of each plane, in the order C, Z.
    func layout(_ pages: Int, _ description: String?, axes: String? = nil) throws -> [Int] {
        let source = try open(pages, description, axes: axes)
        let bytes = try allBytes(source)
        return [source.header.channels, source.header.extent.z]
            + stride(from: 0, to: bytes.count, by: 24).map { Int(bytes[$0]) / 24 }
    }

    func refuses(_ pages: Int, _ description: String?, axes: String? = nil, saying reason: String) {
        #expect {
            _ = try open(pages, description, axes: axes)
        } throws: { error in
            error is VolumeError && "\(error)".contains(reason)
        }
    }

    @Test func `pages are planes unless somebody says otherwise`() throws {
        #expect(try layout(3, nil) == [1, 3, 0, 1, 2])
        #expect(try layout(3, "anything") == [1, 3, 0, 1, 2])
        #expect(try layout(3, nil, axes: "cyx") == [3, 1, 0, 1, 2])
        #expect(try layout(1, nil, axes: "czyx") == [1, 1, 0])
        refuses(4, nil, axes: "czyx", saying: "names 2 axes")
        refuses(4, nil, axes: "yxz", saying: "whose pages are y, x")
    }

    @Test func `ImageJ's hyperstacks`() throws {
        let six = "ImageJ=1.53t\nimages=6\nchannels=2\nslices=3\nhyperstack=true\n"
        #expect(try layout(6, six) == [2, 3, 0, 2, 4, 1, 3, 5])
        #expect(try layout(6, six + "order=zct\n") == [2, 3, 0, 1, 2, 3, 4, 5])
        #expect(try layout(6, six, axes: "czyx") == [3, 2, 0, 1, 2, 3, 4, 5])
        #expect(try layout(6, "ImageJ=1.53t\nimages=6\nframes=6\n") == [6, 1, 0, 1, 2, 3, 4, 5])
        #expect(try layout(6, "ImageJ=1.53t\nimages=6\nframes=6\n", axes: "zyx") == [1, 6, 0, 1, 2, 3, 4, 5])
        #expect(try layout(6, "ImageJ=1.53t\nimages=6\nchannels=5\n") == [1, 6, 0, 1, 2, 3, 4, 5])
        refuses(6, "ImageJ=1.53t\nimages=6\nchannels=2\nframes=3\n", saying: "3 time points of 2 channels")
    }

    @Test func `a large stack of ImageJ's has one page and all planes behind it`() throws {
        var sample = TIFFSample(pages: 4, description: "ImageJ=1.53t\nimages=4\nslices=4\nspacing=3\nunit=\\u00B5m\n")
        sample.pages = 1
        let source = try openVolume(at: folder.file("large.tif", sample.bytes), scratch: folder.url)
        #expect(try allBytes(source) == sample.voxels)
        #expect(source.header.spacing == Spacing(z: 3, y: 1, x: 1, unit: "micrometer"))
    }

    @Test func `tifffile's shapes`() throws {
        #expect(try layout(6, #"{"shape": [2, 3, 6, 4]}"#) == [2, 3, 0, 1, 2, 3, 4, 5])
        #expect(try layout(6, #"{"shape": [3, 2, 6, 4], "axes": "ZCYX"}"#) == [2, 3, 0, 2, 4, 1, 3, 5])
        #expect(try layout(6, #"{"shape": [3, 1, 2, 6, 4]}"#, axes: "zcyx") == [2, 3, 0, 2, 4, 1, 3, 5])
        #expect(try layout(6, #"{"shape": [9, 6, 4]}"#) == [1, 6, 0, 1, 2, 3, 4, 5])
        #expect(try layout(6, #"{"shape": "#) == [1, 6, 0, 1, 2, 3, 4, 5])
    }

    func ome(_ attributes: String, _ content: String = "", before: String = "") -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?><!-- a comment -->\(before)<OME xmlns="x"><Image ID="Image:0">\
        <Pixels ID="Pixels:0" Type="uint8" SizeX="4" SizeY="6" \(attributes)>\(content)</Pixels></Image>\
        <Image><Pixels SizeZ="9" SizeC="9" SizeT="9"/></Image></OME>
        """
    }

    @Test func `OME's order of dimensions and of pages`() throws {
        let sizes = #"SizeZ="3" SizeC="2" SizeT="1""#
        #expect(try layout(6, ome(#"DimensionOrder="XYZCT" "# + sizes)) == [2, 3, 0, 1, 2, 3, 4, 5])
        #expect(try layout(7, ome(#"DimensionOrder="XYCZT" "# + sizes)) == [2, 3, 0, 2, 4, 1, 3, 5])
        let blocks = #"<TiffData FirstC="1" IFD="0" PlaneCount="3"/><TiffData FirstC="0" IFD="3" PlaneCount="3"/>"#
        #expect(try layout(6, ome(#"DimensionOrder="XYZCT" "# + sizes, blocks)) == [2, 3, 3, 4, 5, 0, 1, 2])
        refuses(6, ome(sizes, #"<TiffData IFD="0" PlaneCount="3"/>"#), saying: "not name a page for each")
        let again = String(repeating: #"<TiffData IFD="0" PlaneCount="6"/>"#, count: 9)
        refuses(6, ome(sizes, again), saying: "more than twice")
        refuses(5, ome(sizes), saying: "page 6")
        refuses(6, ome(#"DimensionOrder="ZYXCT" "# + sizes), saying: "DimensionOrder")
        refuses(6, ome(#"SizeZ="-3""#), saying: "SizeZ")
        refuses(6, ome(#"SizeZ="9223372036854775807" SizeC="3""#), saying: "more than")
        let files = #"<TiffData><UUID FileName="a">1</UUID></TiffData><TiffData><UUID FileName="b">2</UUID></TiffData>"#
        refuses(6, ome(sizes, files), saying: "2 files")
    }

    @Test func `of several images of OME the first is taken, with a remark, and labels are refused`() throws {
        let one = #"<OME><Image Name="a"><Pixels SizeZ="3"/></Image></OME>"#
        #expect(try open(3, one).header.part == nil)
        #expect(
            try open(4, one).header.part?.remarks == [
                "The file has 4 pages, of which its description names 3: the others were not taken."
            ])
        let two = one.replacing("</OME>", with: #"<Image Name="b"><Pixels SizeZ="5" PhysicalSizeX="7"/></Image></OME>"#)
        let source = try open(8, two)
        #expect(source.header.extent.z == 3 && source.header.spacing == Spacing())
        #expect(
            source.header.part?.remarks == [
                "The file has 2 images, and the first, \"a\", was taken; another one takes a file of its own."
            ])
        // What is wrong after the first image is none of its business.
        #expect(try open(8, two.replacing("</OME>", with: "<Image")).header.part?.remarks.count == 1)
        var hints = VolumeHints()
        hints.areLabels = true
        #expect {
            let file = try folder.file("labels.tif", TIFFSample(pages: 8, description: two).bytes)
            _ = try openVolume(at: file, hints: hints, scratch: folder.url)
        } throws: { "\($0)".contains("the file has 2 images") && "\($0)".contains("in a file of their own") }
    }

    @Test func `OME's lengths in their units`() throws {
        let lengths = #"SizeZ="2" PhysicalSizeX="250" PhysicalSizeXUnit="nm" PhysicalSizeY="0.5" PhysicalSizeZ="2""#
        #expect(try open(2, ome(lengths)).header.spacing.unit == "nanometer")
        #expect(abs(try open(2, ome(lengths)).header.spacing.y - 500) < 1e-9)
        let one = try open(2, ome(#"SizeZ="2" PhysicalSizeX="0.3""#))
        #expect(one.header.spacing == Spacing(x: 0.3, unit: "micrometer"))
    }

    @Test func `XML in its many forms`() throws {
        let text = """
            <?xml version='1.0'?><!-- > --><OME:OME xmlns:OME='x'><Image Name="a &lt; b"><![CDATA[ <Pixels> ]]>
            <OME:Pixels SizeX = '4'\n SizeZ="2" PhysicalSizeX="1" PhysicalSizeXUnit="&#xB5;m"\n/></Image></OME:OME>
            """
        #expect(try layout(2, text.replacing("<OME:OME", with: "<OME/><OME:OME")) == [1, 2, 0, 1])
        #expect(try open(2, "<OME>" + text).header.spacing.unit == "micrometer")
    }

    @Test func `OME is known by its outermost element, whatever stands before it and however it is called`() throws {
        let pixels = #"<o:Pixels SizeZ="3" SizeC="2" DimensionOrder="XYZCT" PhysicalSizeX="0.2"/>"#
        let long = "<!-- \(String(repeating: "Warning: this comment is long. ", count: 300)) -->"
        for start in [
            "", "\u{feff}", "<?xml version=\"1.0\"?>\n", "  \n", long, "\u{feff}<?xml version=\"1.0\"?>" + long,
        ] {
            let text = start + "<o:OME xmlns:o=\"x\"><o:Image>\(pixels)</o:Image></o:OME>"
            #expect(try layout(6, text) == [2, 3, 0, 1, 2, 3, 4, 5])
            #expect(try open(6, text).header.spacing.x == 0.2)
        }
        #expect(try layout(6, "<xml><OME><Pixels SizeC=\"2\"/></OME></xml>") == [1, 6, 0, 1, 2, 3, 4, 5])
    }

    @Test func `a companion file is asked for, unless the sender says what it would`() throws {
        let text = #"<OME><BinaryOnly MetadataFile="set.companion.ome" UUID="urn:uuid:1"/></OME>"#
        refuses(6, text, saying: "companion file, set.companion.ome")
        #expect(try layout(6, text, axes: "zyx") == [1, 6, 0, 1, 2, 3, 4, 5])
    }

    @Test func `XML that would do harm is refused at once`() {
        let entities = (1...20).map { "<!ENTITY e\($0) \"&e\($0 - 1);&e\($0 - 1);&e\($0 - 1);&e\($0 - 1);\">" }.joined()
        let laughs = "<!DOCTYPE OME [<!ENTITY e0 \"ha\">\(entities)]>"
        refuses(1, ome("", "&e20;", before: laughs), saying: "document type")
        let stolen = "<!DOCTYPE OME [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>"
        refuses(1, ome("", "&e;", before: stolen), saying: "document type")
        refuses(1, "<OME><Image><Pixels SizeZ=\"1\"", saying: "cut off")
        refuses(1, "<OME><Image></OME>", saying: "no image's Pixels")
    }
}
