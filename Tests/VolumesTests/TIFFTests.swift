import Foundation
import Testing
import Volumes

@Suite struct TIFFTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func open(_ sample: TIFFSample, hints: VolumeHints = VolumeHints()) throws -> any VoxelSource {
        try openVolume(at: folder.file("sample.tif", sample.bytes), hints: hints, scratch: folder.url, limit: 1 << 30)
    }

    func refuses(_ sample: TIFFSample, hints: VolumeHints = VolumeHints(), saying reason: String) {
        #expect {
            _ = try allBytes(open(sample, hints: hints))
        } throws: { error in
            error is VolumeError && "\(error)".contains(reason)
        }
    }

    @Test(arguments: ElementType.allCases)
    func `voxels, spacing and unit go out and come in`(element: ElementType) throws {
        for (channels, z) in [(1, 5), (3, 5), (2, 1), (1, 1)] {
            var header = VolumeHeader.sample(element, channels: channels, z: z)
            header.spacing = Spacing(z: 2.5, y: 0.35, x: 0.1625, unit: "micrometer")
            let volume = try randomVolume(header)
            let file = folder.url.appendingPathComponent("volume.tif")
            try writeVolume(volume, as: .tiff, to: file)
            #expect(try VolumeFormat.recognise(file) == .tiff)
            let read = try openVolume(at: file, scratch: folder.url)
            #expect(read.header == header)
            #expect(try allBytes(read) == volume.bytes)
        }
    }

    @Test func `lengths that are no simple fractions come back exactly, too`() throws {
        for length in [0.1, 1.0 / 3, 0.22912878474779202, 123.456, 7.0] {
            var header = VolumeHeader.sample(.uint8)
            header.spacing = Spacing(z: length, y: length, x: 1, unit: "millimeter")
            let file = folder.url.appendingPathComponent("volume.tif")
            try writeVolume(try randomVolume(header), as: .tiff, to: file)
            #expect(try openVolume(at: file, scratch: folder.url).header.spacing == header.spacing)
        }
    }

    @Test func `large volumes get a head of BigTIFF`() throws {
        var header = VolumeHeader.sample(.uint16, z: 4)
        header.spacing = Spacing(z: 3, y: 2, x: 0.7, unit: "micrometer")
        let volume = try randomVolume(header)
        let big = try folder.file("big.tif", TIFFHead(header, big: true).bytes + volume.bytes)
        let read = try openVolume(at: big, scratch: folder.url)
        #expect(read.header == header)
        #expect(try allBytes(read) == volume.bytes)
        header.extent = Extent(z: 1025, y: 2048, x: 1024)
        #expect(try TIFFHead(header).bytes.prefix(4) == [0x49, 0x49, 43, 0])
        header.extent.z = 1000
        #expect(try TIFFHead(header).bytes.prefix(4) == [0x49, 0x49, 42, 0])
        header.extent.z = 1 << 17
        #expect(throws: VolumeError.self) { _ = try TIFFHead(header) }
    }

    @Test func `tif is tiff, as a name and as a file's ending`() {
        #expect(VolumeFormat(name: "TIF") == .tiff && VolumeFormat(name: "tiff") == .tiff)
        #expect(VolumeFormat(fileName: "a.ome.tif") == .tiff && VolumeFormat(fileName: "a.TIFF") == .tiff)
        #expect(VolumeFormat(fileName: "a.nii.gz") == .niftiGzip && VolumeFormat(fileName: "atif") == nil)
    }

    @Test func `a volume whose spacing is not known takes that of the sender`() throws {
        let file = folder.url.appendingPathComponent("volume.tif")
        try writeVolume(try randomVolume(.sample(.uint8)), as: .tiff, to: file)
        let spacing = Spacing(z: 3, y: 2, x: 1, unit: "nanometer")
        let read = try openVolume(at: file, hints: VolumeHints(spacing: spacing), scratch: folder.url)
        #expect(read.header.spacing == spacing)
    }

    @Test func `strips in any order are read, in parts and from many threads`() async throws {
        var sample = TIFFSample(pages: 3)
        sample[278] = 2
        sample.strips = [(8, 8), (0, 8), (16, 8)]
        let source = try open(sample)
        let whole = try InMemoryVolume(copyOf: source)
        #expect(Array(whole.bytes.prefix(10)) == [8, 9, 10, 11, 12, 13, 14, 15, 0, 1])
        await withTaskGroup { group in
            for seed in 0..<8 {
                group.addTask {
                    var random = Random(seed: UInt64(seed))
                    for _ in 0..<50 {
                        let box = Box.random(in: source.header.extent, using: &random)
                        #expect((try? source.raw(box)) == (try? whole.raw(box)))
                    }
                }
            }
        }
    }

    @Test func `what is not gray or not of a known type is refused with the reason`() {
        for (tag, value, reason) in [
            (262, 2, "RGB"), (262, 3, "palette"), (277, 3, "3 samples"), (258, 12, "12 bits"), (258, 1, "1 bits"),
            (339, 6, "complex"), (259, 7, "kind 7"), (256, 0, "x = 0"), (278, 0, "no size"),
            (257, 0x7fff_ffff, "too many strips"), (256, 700, "cut off"),
        ] {
            var sample = TIFFSample()
            sample[tag] = value
            refuses(sample, saying: reason)
        }
    }

    @Test func `bombs, circles and pages that differ are refused`() throws {
        var bomb = TIFFSample()
        for (tag, value) in [(259, 8), (256, 1 << 20), (257, 1 << 20), (278, 1 << 20)] { bomb[tag] = value }
        refuses(bomb, saying: "smaller ones")
        bomb[278] = 16
        refuses(bomb, saying: "at most")
        for (tag, value) in [(256, 8000), (257, 4000), (278, 4000)] { bomb[tag] = value }
        refuses(bomb, saying: "no compression")
        var circle = TIFFSample(pages: 2)
        circle.next = 8 + 48
        refuses(circle, saying: "circles")
        var large = TIFFSample(pages: 3, description: "ImageJ=1.11a\nimages=65000000000\n")
        #expect(try open(large).header.extent.z == 3)
        large.pages = 1
        refuses(large, saying: "planes")
        let packed = try folder.file("sample.bin", TIFFSample().bytes)
        let gzipped = try Data(contentsOf: packed).gzipped(in: folder)
        #expect(throws: VolumeError.self) { _ = try openVolume(at: gzipped, scratch: folder.url) }
    }
}
