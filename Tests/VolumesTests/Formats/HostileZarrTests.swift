import Foundation
import TestSupport
import Testing
import Volumes

/// Stores of Zarr that lie, or are damaged.
@Suite struct HostileZarrTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func open(_ files: [(String, [UInt8])], limit: Int = 1 << 24) throws -> any VoxelSource {
        let zip = try folder.file("\(UUID().uuidString).zip", ZipSample(files).bytes)
        defer { try? FileManager.default.removeItem(at: zip) }
        return try openVolume(at: zip, scratch: folder.url, limit: limit)
    }

    func refuses(_ document: String, saying reason: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        var files = try ZarrSample().store2()
        files[2].1 = Array(document.utf8)
        #expect(sourceLocation: sourceLocation) {
            _ = try open(files)
        } throws: { error in
            error is VolumeError && "\(error)".contains(reason)
        }
    }

    @Test func `sizes that nothing could hold are refused before anything is made of them`() throws {
        let good = ZarrSample().format2()
        let shape = #""shape":[2, 5, 7, 6]"#
        let chunks = #""chunks":[1, 2, 4, 4]"#
        try refuses(good.replacing(shape, with: #""shape":[2,1000000000000000000,7,6]"#), saying: "its shape has 1e+18")
        try refuses(good.replacing(shape, with: #""shape":[2,9000000000000000,7,6]"#), saying: "chunks; at most")
        try refuses(
            good.replacing(shape, with: #""shape":[2,500,700,60]"#), saying: "voxels have 84000000 bytes; at most")
        try refuses(good.replacing(shape, with: #""shape":[2,5,-7,6]"#), saying: "its shape has -7")
        try refuses(good.replacing(shape, with: #""shape":[2,5,7.5,6]"#), saying: "its shape has 7.5")
        try refuses(good.replacing(shape, with: #""shape":[2,0,7,6]"#), saying: "every size must be at least 1")
        try refuses(good.replacing(shape, with: #""shape":[2,5,7]"#), saying: "its shape has 3 axes, its chunks have 4")
        try refuses(good.replacing(shape, with: #""shape":"5""#), saying: "a list of at most 16 whole numbers")
        try refuses(good.replacing(chunks, with: #""chunks":[1,0,4,4]"#), saying: "its chunks has 0")
        try refuses(
            good.replacing(chunks, with: #""chunks":[1,100000,100000,4]"#), saying: "bytes are unpacked at once")
        try refuses(good.replacing(shape, with: #""shape":[2000,5,7,6]"#), saying: "at most 1024")
    }

    @Test func `what is not known is named`() throws {
        let good = ZarrSample().format2()
        let packed = { (codec: String) in
            good.replacing(#""compressor":null"#, with: #""compressor":{"id":"\#(codec)"}"#)
        }
        try refuses(packed("bz2"), saying: "the codec \"bz2\" is not known")
        try refuses(good.replacing(#""filters":null"#, with: #""filters":[{"id":"delta"}]"#), saying: "\"delta\"")
        try refuses(good.replacing("<u2", with: "<c8"), saying: "its dtype is \"<c8\"")
        try refuses(good.replacing("\"<u2\"", with: "[[\"a\",\"<u2\"]]"), saying: "its dtype is an array")
        try refuses(good.replacing("\"C\"", with: "\"K\""), saying: "C or F")
        try refuses(good.replacing(#""zarr_format":2"#, with: #""zarr_format":9"#), saying: "zarr_format")
        try refuses("{", saying: "0/.zarray in the OME-Zarr is not JSON")
        try refuses(String(repeating: "[", count: 100_000), saying: "not JSON")
        var sample = ZarrSample()
        sample.prefix = "c/"
        let bytes = #"{"name":"bytes","configuration":{"endian":"little"}}"#
        for (codecs, reason) in [
            ("{\"name\":\"vlen-utf8\"}", "\"vlen-utf8\" is not known"), ("", "a list of them is expected"),
            ("{\"name\":\"gzip\"},\(bytes)", "not at its place"), (bytes + "," + bytes, "not at its place"),
            (#"{"name":"bytes"}"#, "little or big"),
            (#"{"name":"transpose","configuration":{"order":[0,0,1,2]}},\#(bytes)"#, "once"),
            (
                #"{"name":"sharding_indexed","configuration":{"chunk_shape":[1,3,4,4],"codecs":[\#(bytes)]}}"#,
                "no multiple"
            ),
        ] {
            #expect {
                _ = try open(sample.store3(sample.format3(codecs)))
            } throws: { error in
                error is VolumeError && "\(error)".contains(reason)
            }
        }
    }

    @Test(arguments: ["plain", "gzip", "zstd", "blosc"])
    func `chunks that are cut off, too long or damaged are refused by name`(codec: String) throws {
        var sample = ZarrSample()
        sample.pack = { bytes in
            switch codec {
            case "gzip": try OMEZarrFormatTests.gzip(bytes)
            case "zstd": try OMEZarrFormatTests.zstd(bytes)
            case "blosc": try OMEZarrFormatTests.blosc(bytes)
            default: bytes
            }
        }
        let members = codec == "plain" ? #""compressor":null"# : #""compressor":{"id":"\#(codec)"}"#
        var files = try sample.store2(members)
        #expect(try allBytes(open(files)) == sample.values)
        let good = files[3].1
        let long = try sample.pack([UInt8](repeating: 0, count: 1 << 20))
        let short = try sample.pack([1, 2])
        for bad in [Array(good.dropLast(5)), [], [1], long, short] {
            files[3].1 = bad
            #expect {
                _ = try open(files)
            } throws: { error in
                error is VolumeError && ("\(error)".contains("0/0/0/0/0"))
            }
        }
        for place in good.indices {
            files[3].1 = good
            files[3].1[place] ^= 0xff
            // Anything but a crash; a plain chunk has no checksum.
            _ = try? allBytes(open(files))
        }
    }

    @Test func `metadata that name what is not there, or lead elsewhere, are refused`() throws {
        let sample = ZarrSample()
        for (attributes, reason) in [
            (ZarrSample.image(levels: ["5"]), "names the array \"5\", which is not there"),
            (ZarrSample.image(levels: ["../../etc"]), "leads upwards"), (ZarrSample.image(levels: []), "no datasets"),
            (#"{"multiscales":[{"datasets":[{"path":7}]}]}"#, "at the root"),
            (#"{"multiscales":[]}"#, "without an image"),
            (#"{"multiscales":[{"axes":[],"datasets":[{"path":"0"}]}]}"#, "names 0 axes"),
            (ZarrSample.image(axes: #""z","z","y","x""#), "each once"), (#"[1]"#, "without an image"),
            ("nul", "not JSON"),
        ] {
            #expect {
                _ = try open(sample.store2(attributes: attributes))
            } throws: { error in
                error is VolumeError && "\(error)".contains(reason)
            }
        }
    }

    @Test func `no changed byte of a document is more than an error`() throws {
        let sample = ZarrSample()
        let files = try sample.store2()
        for document in [1, 2] {
            for place in files[document].1.indices {
                var changed = files
                changed[document].1[place] = UInt8(ascii: "9")
                _ = try? allBytes(open(changed, limit: 1 << 20))
            }
        }
    }
}
