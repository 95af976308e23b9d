import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct TIFFFormatTests {
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

    @Test(arguments: [false, true])
    func `labels have their colours as a look-up table, and stay gray values`(big: Bool) throws {
        var header = VolumeHeader.sample(.uint8, z: 3)
        header.spacing = Spacing(z: 2, y: 0.5, x: 0.25, unit: "micrometer")
        let volume = try randomVolume(header)
        let look = VolumeLook.labels([Color(red: 1, green: 2, blue: 3), Color(red: 255, green: 0, blue: 128)])
        let head = try TIFFHead(header, look: look, big: big).bytes
        let file = try folder.file("labels.tif", head + volume.bytes)
        let read = try openVolume(at: file, scratch: folder.url)
        #expect(read.header == header)
        #expect(try allBytes(read) == volume.bytes)
        let table = try #require(head.firstRange(of: [1, 1, 255, 255, 0, 0])).lowerBound
        #expect(Array(head[table + 512..<table + 516]) == [2, 2, 0, 0])
        #expect(Array(head[table + 1024..<table + 1030]) == [3, 3, 128, 128, 0, 0])
        // The field of each page that points there, of 768 numbers of 16 bits.
        let count: [UInt8] = big ? [0, 3, 0, 0, 0, 0, 0, 0] : [0, 3, 0, 0]
        let place = (0..<(big ? 8 : 4)).map { UInt8(truncatingIfNeeded: table >> (8 * $0)) }
        #expect(head.ranges(of: [0x40, 0x01, 3, 0] + count + place).count == 3)
        #expect(String(decoding: head, as: UTF8.self).contains("min=0.0\nmax=255.0\n"))
    }

    @Test func `what is no label volume has a range at most`() throws {
        let shares = try TIFFHead(.sample(.float32, channels: 2), look: .share).bytes
        #expect(String(decoding: shares, as: UTF8.self).contains("min=0.0\nmax=1.0\n"))
        let plain = try TIFFHead(.sample(.uint16)).bytes
        let colored = try TIFFHead(.sample(.uint16), look: VolumeLook(colors: Color.palette(3))).bytes
        #expect(plain == colored)
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

    /// 4 rows of 2 pixels of 3 samples.
    func colored() -> TIFFSample {
        var sample = TIFFSample(pages: 2)
        for (tag, value) in [(256, 2), (257, 4), (277, 3), (278, 4), (262, 2)] { sample[tag] = value }
        return sample
    }

    /// The numbers below `count`, first those that stand `step` apart from 0 on, then those from 1 on, and so forth.
    func every(_ step: UInt8, of count: UInt8) -> [UInt8] {
        (0..<step).flatMap { Array(stride(from: $0, to: count, by: Int(step))) }
    }

    @Test func `samples of a pixel are channels, side by side and plane by plane`() throws {
        var sample = colored()
        let mixed = try open(sample)
        #expect(mixed.header.channels == 3 && mixed.header.extent == Extent(z: 2, y: 4, x: 2))
        #expect(try allBytes(mixed) == every(3, of: 48))
        #expect(
            try mixed.raw(Box(slice: SlicePosition(.x, 1), of: mixed.header.extent), channel: 2) == [
                5, 11, 17, 23, 29, 35, 41, 47,
            ])
        sample[284] = 2
        sample.strips = [(0, 8), (8, 8), (16, 8)]
        let starts: [UInt8] = [0, 24, 8, 32, 16, 40]
        #expect(try allBytes(open(sample)) == starts.flatMap { Array($0..<$0 + 8) })
        sample[262] = 1
        #expect(try open(sample).header.channels == 3)
    }

    @Test func `opacity is no channel, and a palette's indices are the values`() throws {
        var opaque = TIFFSample()
        for (tag, value) in [(256, 2), (257, 3), (277, 4), (278, 3), (262, 2)] { opaque[tag] = value }
        #expect(try allBytes(open(opaque)) == Array(every(4, of: 24).prefix(18)))
        var palette = TIFFSample()
        palette[262] = 3
        #expect(try allBytes(open(palette)) == Array(0..<24))
    }

    @Test(arguments: [1, 2, 4], [1, 32773]) func `values of a few bits are taken as they are`(
        bits: Int, compression: Int
    ) throws {
        var sample = TIFFSample()
        // Rows of 5 values begin with a byte of their own.
        for (tag, value) in [(256, 5), (257, 3), (258, bits), (259, compression), (278, 3)] { sample[tag] = value }
        let row = (5 * bits + 7) / 8
        let packed: [UInt8] = Array([0b1011_0110, 0b1000_1111, 0b0101_1010][..<row])
        sample.voxels = packed + packed.map { ~$0 } + packed
        sample.strips = [(0, 3 * row)]
        if compression != 1 {
            sample.voxels.insert(UInt8(3 * row - 1), at: 0)
            sample.strips = [(0, 3 * row + 1)]
        }
        let expected = (0..<15).map { place -> UInt8 in
            let bit = place % 5 * bits
            let byte = place / 5 == 1 ? ~packed[bit / 8] : packed[bit / 8]
            return (byte << UInt8(bit % 8)) >> UInt8(8 - bits)
        }
        let volume = try open(sample)
        #expect(volume.header.element == .uint8)
        #expect(try allBytes(volume) == expected)
        let slice = try LabelPicture(tiff: sample.bytes, scratch: folder.url) { _, _ in }
        #expect(try slice.values == expected)
        sample[277] = 3
        refuses(sample, saying: "\(bits) bits each")
    }

    @Test func `channels as pages and as samples at once are refused`() throws {
        var sample = colored()
        sample.description = "ImageJ=1.53t\nimages=2\nchannels=2\n"
        refuses(sample, saying: "not both")
        #expect(try open(sample, hints: VolumeHints(axes: "zyx")).header.channels == 3)
        sample.description = nil
        sample[277] = 257
        refuses(sample, saying: "257 samples")
    }

    @Test func `what is not of a known kind or type is refused with the reason`() {
        for (tag, value, reason) in [
            (262, 2, "RGB colours of 1 samples"), (262, 5, "CMYK"), (262, 6, "YCbCr"), (262, 9, "kind 9"),
            (258, 12, "12 bits"), (258, 3, "3 bits"),
            (339, 6, "complex"), (259, 6, "compression is 6"), (256, 0, "x = 0"), (278, 0, "no size"),
            (257, 0x7fff_ffff, "too many strips"), (256, 700, "cut off"),
        ] {
            var sample = TIFFSample()
            sample[tag] = value
            refuses(sample, saying: reason)
        }
    }

    @Test func `JPEG takes bytes, is no place for labels, and damaged it is an error`() {
        var sample = TIFFSample()
        sample[259] = 7
        refuses(sample, saying: "cannot be unpacked")
        var labels = VolumeHints()
        labels.areLabels = true
        refuses(sample, hints: labels, saying: "changes values")
        sample[258] = 16
        refuses(sample, saying: "takes uint8 only")
    }

    @Test func `gray values and colours of JPEG are read, those of YCbCr as red, green and blue`() throws {
        let corpus = TestFiles.fuzz.appending(path: "Corpus/volume")
        let gray = try openVolume(at: corpus.appending(path: "jpeg.tif"), scratch: folder.url)
        #expect(gray.header.extent == Extent(z: 3, y: 20, x: 24) && gray.header.channels == 1)
        for (index, value) in try allBytes(gray).enumerated() {
            #expect(abs(Int(value) - (index / 480 * 40 + index % 24 * 5)) <= 4)
        }
        let colors = try openVolume(at: corpus.appending(path: "jpegcolours.tif"), scratch: folder.url)
        #expect(colors.header.extent == Extent(z: 2, y: 32, x: 32) && colors.header.channels == 3)
        let numbers = try allBytes(colors)
        for (index, value) in numbers.enumerated() {
            // Red on the left, green on the right, 40 of blue everywhere; colours have half the resolution.
            guard !(15...16).contains(index % 32) else { continue }
            let isLeft = index % 32 < 16
            let wanted = index < 2048 ? (isLeft ? 200 : 10) : index < 4096 ? (isLeft ? 20 : 220) : 40
            #expect(abs(Int(value) - wanted) <= 6, "\(index)")
        }
    }

    @Test func `bombs, circles and pages that differ are refused`() throws {
        var bomb = TIFFSample()
        for (tag, value) in [(259, 8), (256, 1 << 20), (257, 1 << 20), (278, 1 << 20)] { bomb[tag] = value }
        refuses(bomb, saying: "smaller ones")
        bomb[278] = 16
        refuses(bomb, saying: "at most")
        for (tag, value) in [(256, 8000), (257, 4000), (278, 4000)] { bomb[tag] = value }
        refuses(bomb, saying: "any compression")
        var circle = TIFFSample(pages: 2)
        circle.next = 8 + 48
        refuses(circle, saying: "circular")
        var large = TIFFSample(pages: 3, description: "ImageJ=1.11a\nimages=65000000000\n")
        #expect(try open(large).header.extent.z == 3)
        large.pages = 1
        refuses(large, saying: "planes")
        let packed = try folder.file("sample.bin", TIFFSample().bytes)
        let gzipped = try Data(contentsOf: packed).gzipped(in: folder)
        #expect(throws: VolumeError.self) { _ = try openVolume(at: gzipped, scratch: folder.url) }
    }
}
