import Foundation
import TestSupport
import Testing
import Volumes

/// OME-Zarr of both versions, as programs that are common write it.
@Suite struct OMEZarrFormatTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func open(_ files: [(String, [UInt8])], _ hints: VolumeHints = VolumeHints()) throws -> any VoxelSource {
        let zip = try folder.file("\(UUID().uuidString).zip", ZipSample(files).bytes)
        return try openVolume(at: zip, hints: hints, scratch: folder.url, limit: 1 << 24)
    }

    func refuses(
        _ files: [(String, [UInt8])], _ hints: VolumeHints = VolumeHints(), saying reason: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(sourceLocation: sourceLocation) {
            _ = try allBytes(open(files, hints))
        } throws: { error in
            error is VolumeError && "\(error)".contains(reason)
        }
    }

    static func gzip(_ bytes: [UInt8]) throws -> [UInt8] { try StreamPacker(.gzip).pack(bytes, isLast: true) }
    static func zstd(_ bytes: [UInt8]) throws -> [UInt8] { try StreamPacker(.zstd).pack(bytes, isLast: true) }

    static func blosc(_ bytes: [UInt8]) throws -> [UInt8] {
        try BloscChunk.wrap(BrickCodec.encode(bytes, element: .uint16), bytes: bytes.count, element: .uint16)
    }

    /// The bytes with their CRC-32C behind them.
    static func checked(_ bytes: [UInt8]) -> [UInt8] {
        var sum: UInt32 = ~0
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 0 ? sum >> 1 : sum >> 1 ^ 0x82f6_3b78 }
        }
        return bytes + (0..<4).map { UInt8(truncatingIfNeeded: ~sum >> (8 * UInt32($0))) }
    }

    @Test func `an image of 0.4 has its channels, spacing and unit, whatever folder of the archive it is in`() throws {
        var sample = ZarrSample()
        sample.pack = Self.blosc
        let files = try sample.store2(#""compressor":{"id":"blosc","cname":"zstd"}"#)
        var header = VolumeHeader(
            channels: 2, extent: Extent(z: 5, y: 7, x: 6), element: .uint16,
            spacing: Spacing(z: 2, y: 0.5, x: 0.25, unit: "micrometer"))
        header.part = FilePart()
        for prefix in ["", "a.ome.zarr/", "b/c.zarr/"] {
            let packed = files.map { (prefix + $0.0, $0.1) } + [("__MACOSX/._x", [1]), (prefix + ".DS_Store", [2])]
            let source = try open(packed)
            #expect(source.header == header)
            #expect(try allBytes(source) == sample.values)
            let box = Box(origin: Voxel(z: 1, y: 3, x: 2), extent: Extent(z: 3, y: 3, x: 4))
            #expect(try source.raw(box, channel: 1) == InMemoryVolume(copyOf: source).raw(box, channel: 1))
        }
        #expect(try VolumeFormat.word(for: folder.file("word.zip", ZipSample(files).bytes)) == "ome.zarr")
    }

    @Test func `format 2 has either order of axes and bytes, and names with dots`() throws {
        var sample = ZarrSample()
        sample.order = [3, 2, 1, 0]
        sample.bigEndian = true
        sample.separator = "."
        sample.pack = Self.gzip
        let document = sample.format2(#""compressor":{"id":"gzip","level":1},"filters":[],"order":"F""#, dtype: ">u2")
        var files = try sample.store2()
        files[2].1 = Array(document.utf8)
        #expect(try allBytes(open(files)) == sample.values)
    }

    @Test(arguments: [
        (#"{"name":"bytes","configuration":{"endian":"little"}}"#, "plain"),
        (#"{"name":"bytes","configuration":{"endian":"big"}},{"name":"gzip","configuration":{"level":5}}"#, "gzip"),
        (#"{"name":"bytes","configuration":{"endian":"little"}},{"name":"zstd"},{"name":"crc32c"}"#, "zstd"),
        (#"{"name":"bytes","configuration":{"endian":"little"}},{"name":"blosc"}"#, "blosc"),
        (
            #"{"name":"transpose","configuration":{"order":[3,1,0,2]}},{"name":"bytes","configuration":{"endian":"little"}}"#,
            "transpose"
        ),
    ])
    func `format 3 has its codecs`(codecs: String, name: String) throws {
        var sample = ZarrSample()
        sample.prefix = "c/"
        sample.bigEndian = name == "gzip"
        sample.order = name == "transpose" ? [3, 1, 0, 2] : nil
        sample.pack = { bytes in
            switch name {
            case "gzip": try Self.gzip(bytes)
            case "zstd": Self.checked(try Self.zstd(bytes))
            case "blosc": try Self.blosc(bytes)
            default: bytes
            }
        }
        let source = try open(sample.store3(sample.format3(codecs)))
        #expect(try allBytes(source) == sample.values)
        #expect(source.header.spacing == Spacing(z: 2, y: 0.5, x: 0.25, unit: "micrometer"))
    }

    /// A store in which each file holds some chunks, and an index of them at its end or beginning.
    func sharded(atStart: Bool, leavingOut: [Int]? = nil) throws -> (sample: ZarrSample, [(String, [UInt8])]) {
        var sample = ZarrSample()
        sample.prefix = "c/"
        let (inner, shard) = (sample.chunk, [2, 4, 8, 4])
        let counts = zip(shard, inner).map { $0 / $1 }
        var files: [(String, [UInt8])] = []
        for place in ZarrSample.places(in: zip(sample.shape, shard).map { ($0 + $1 - 1) / $1 }) {
            let head = atStart ? counts.reduce(1, *) * 16 + 4 : 0
            var (content, index): ([UInt8], [UInt8]) = ([], [])
            for step in ZarrSample.places(in: counts) {
                let chunk = zip(zip(place, counts), step).map { $0.0 * $0.1 + $1 }
                let isThere = zip(chunk, sample.counts).allSatisfy { $0 < $1 } && chunk != leavingOut
                let bytes = isThere ? try Self.zstd(sample.bytes(of: chunk)) : []
                for number in isThere ? [head + content.count, bytes.count] : [-1, -1] {
                    index += (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
                }
                content += bytes
            }
            let checked = Self.checked(index)
            files.append(
                (
                    "0/c/" + place.map(String.init).joined(separator: "/"),
                    atStart ? checked + content : content + checked
                ))
        }
        let codecs = #"""
            {"name":"sharding_indexed","configuration":{"chunk_shape":\#(inner),"index_location":"\#(atStart ? "start" : "end")",
             "codecs":[{"name":"bytes","configuration":{"endian":"little"}},{"name":"zstd"}],
             "index_codecs":[{"name":"bytes","configuration":{"endian":"little"}},{"name":"crc32c"}]}}
            """#
        let documents = try sample.store3(sample.format3(codecs, grid: shard)).prefix(2)
        return (sample, Array(documents) + files)
    }

    @Test(arguments: [false, true]) func `shards hold several chunks each`(atStart: Bool) throws {
        let (sample, files) = try sharded(atStart: atStart)
        #expect(try allBytes(open(files)) == sample.values)
        let (_, lacking) = try sharded(atStart: atStart, leavingOut: [1, 2, 1, 1])
        // The last voxels of the second channel.
        #expect(try allBytes(open(lacking)).suffix(2) == [0, 0])
        var damaged = files
        damaged[2].1[atStart ? 0 : damaged[2].1.count - 1] ^= 1
        refuses(damaged, saying: "checksum")
        damaged[2].1 = [1, 2, 3]
        refuses(damaged, saying: "its index alone has")
    }

    @Test func `chunks that are not there have the fill value`() throws {
        var sample = ZarrSample()
        sample.missing = [[0, 0, 0, 0]]
        var files = try sample.store2()
        files[2].1 = Array(sample.format2().replacing(#""fill_value":0"#, with: #""fill_value":513"#).utf8)
        let bytes = try allBytes(open(files))
        #expect(bytes.prefix(8) == [1, 2, 1, 2, 1, 2, 1, 2] && bytes[8...].prefix(4) == sample.values[8...].prefix(4))
        files[2].1 = Array(sample.format2().replacing(#""fill_value":0"#, with: #""fill_value":-1"#).utf8)
        refuses(files, saying: "fill_value")
        // One that nobody needs may be any.
        sample.missing = []
        let whole = [files[0], files[1], files[2]] + (try sample.chunks())
        #expect(try allBytes(open(whole)) == sample.values)
    }

    @Test(
        arguments: [
            ("float32", "\"NaN\"", [0, 0, 0xc0, 0x7f]), ("float32", "\"0x3f800000\"", [0, 0, 0x80, 0x3f]),
            ("float16", "1.5", [0, 0, 0xc0, 0x3f]), ("bool", "true", [1]), ("int8", "-3", [0xfd]),
            ("uint64", "18446744073709551615", [UInt8](repeating: 255, count: 8)),
            ("int64", "-9223372036854775807", [1, 0, 0, 0, 0, 0, 0, 0x80]),
            ("float64", "\"-Infinity\"", [0, 0, 0, 0, 0, 0, 0xf0, 0xff]),
        ] as [(String, String, [UInt8])])
    func `fill values are exact in every type`(type: String, fill: String, bytes: [UInt8]) throws {
        var sample = ZarrSample()
        sample.missing = Set(ZarrSample.places(in: sample.counts))
        let endian = #"{"name":"bytes","configuration":{"endian":"little"}}"#
        let source = try open(sample.store3(sample.format3(endian, type: type, fill: fill)))
        #expect(try allBytes(source).prefix(bytes.count) == bytes[...])
        // Nobody would see that nothing was found.
        #expect(
            source.header.part?.remarks.first?.contains("No chunk of the array was found, such as 0/c/0/0/0/0") == true)
    }

    @Test func `levels and time points are chosen, and what was left is said`() throws {
        var sample = ZarrSample()
        sample.shape = [3, 5, 7, 6]
        let axes = ZarrSample.axes.replacing(#""c","type":"channel""#, with: #""t","type":"time""#)
        var files = try sample.store2(attributes: ZarrSample.image(axes: axes, levels: ["0", "half"]))
        var half = ZarrSample()
        half.shape = [3, 3, 4, 3]
        files += [("half/.zarray", Array(half.format2().utf8))] + (try half.chunks(at: "half"))
        let source = try open(files)
        #expect(source.header.channels == 1 && source.header.extent == Extent(z: 5, y: 7, x: 6))
        #expect(source.header.part?.level == 0 && source.header.part?.time == 0)
        #expect(
            source.header.part?.remarks == [
                "The image has 3 time points, and the first was taken; time=1 takes the next one."
            ])
        #expect(try allBytes(source) == Array(sample.values.prefix(420)))
        let later = try open(files, VolumeHints(level: 1, time: 2))
        #expect(later.header.extent == Extent(z: 3, y: 4, x: 3) && later.header.part?.remarks == [])
        #expect(try allBytes(later) == Array(half.values.suffix(72)))
        #expect(!later.header.isSame(as: source.header))
        refuses(files, VolumeHints(level: 2), saying: "the levels 0 to 1")
        refuses(files, VolumeHints(time: 3), saying: "the time points 0 to 2")
        var hints = VolumeHints()
        hints.areLabels = true
        refuses(files, hints, saying: "To take the first, say so: time=0")
        let file = try folder.file("a.npy", [])
        try writeVolume(randomVolume(.sample(.uint8)), as: .npy, to: file)
        #expect {
            _ = try openVolume(at: file, hints: VolumeHints(time: 1), scratch: folder.url)
        } throws: { "\($0)".contains("level= and time= choose from an OME-Zarr; this is NPY") }
    }

    @Test func `axes are those of the metadata, of the version before 0.3, or of the sender`() throws {
        let sample = ZarrSample()
        let names = #""c","z","y","x""#
        #expect(try open(sample.store2(attributes: ZarrSample.image(axes: names))).header.channels == 2)
        refuses(try sample.store2(attributes: ZarrSample.image(axes: #""c","z","y""#)), saying: "names 3 axes")
        refuses(try sample.store2(attributes: ZarrSample.image(axes: #""c","q","y","x""#)), saying: "axes=czyx")
        let files = try sample.store2(attributes: ZarrSample.image(axes: #""c","q","y","x""#))
        #expect(try open(files, VolumeHints(axes: "zcyx")).header.channels == 5)
        refuses(files, VolumeHints(axes: "zyx"), saying: "must name the array's axes")
        var old = ZarrSample()
        (old.shape, old.chunk) = ([1, 2, 5, 7, 6], [1, 1, 5, 7, 6])
        let none = #"{"multiscales":[{"datasets":[{"path":"0"}]}]}"#
        let source = try open(old.store2(attributes: none))
        #expect(source.header.channels == 2 && source.header.spacing == Spacing())
        #expect(try allBytes(source) == old.values)
    }

    @Test func `lengths in several units become those of x, and senseless ones are refused unless the sender knows`()
        throws
    {
        let axes = ZarrSample.axes.replacing(
            #""z","type":"space","unit":"micrometer""#, with: #""z","type":"space","unit":"nanometer""#)
        let sample = ZarrSample()
        let files = try sample.store2(attributes: ZarrSample.image(axes: axes, scale: "[1,500,0.5,0.25]"))
        #expect(try open(files).header.spacing == Spacing(z: 0.5, y: 0.5, x: 0.25, unit: "micrometer"))
        for scale in ["[1,0,1,1]", "[1,-1,1,1]", #"[1,"NaN",1,1]"#, "[1,1e300,1,1]", "[1,1,1]"] {
            let wrong = try sample.store2(attributes: ZarrSample.image(scale: scale))
            #expect(throws: VolumeError.self) { try open(wrong) }
            #expect(try open(wrong, VolumeHints(spacing: Spacing(z: 3, y: 2, x: 1))).header.spacing.z == 3)
        }
    }
}
