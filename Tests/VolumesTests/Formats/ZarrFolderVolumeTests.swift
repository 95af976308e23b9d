import Foundation
import TestSupport
import Testing
import Volumes

/// OME-Zarrs in folders that are read chunk by chunk.
@Suite struct ZarrFolderVolumeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func write(_ files: [(String, [UInt8])]) throws -> URL {
        let store = folder.url.appending(path: UUID().uuidString)
        for (name, bytes) in files {
            let file = store.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: file)
        }
        return store
    }

    /// Stores of every kind, with what their first bytes are.
    static let kinds = ["plain", "turned", "blosc", "shards", "shards, index first", "missing", "half floats"]

    func store(_ kind: String) throws -> URL {
        var sample = ZarrSample()
        switch kind {
        case "turned":
            (sample.order, sample.bigEndian, sample.separator) = ([3, 2, 1, 0], true, ".")
            sample.pack = OMEZarrFormatTests.gzip
            var files = try sample.store2()
            files[2].1 = Array(
                sample.format2(#""compressor":{"id":"gzip","level":1},"filters":[],"order":"F""#, dtype: ">u2").utf8)
            return try write(files)
        case "blosc":
            (sample.prefix, sample.pack) = ("c/", OMEZarrFormatTests.blosc)
            return try write(
                sample.store3(
                    sample.format3(#"{"name":"bytes","configuration":{"endian":"little"}},{"name":"blosc"}"#)))
        case "shards", "shards, index first":
            return try write(OMEZarrFormatTests().sharded(atStart: kind != "shards", leavingOut: [1, 2, 1, 1]).1)
        case "missing":
            sample.missing = [[0, 0, 0, 0], [1, 2, 1, 1]]
            var files = try sample.store2()
            files[2].1 = Array(sample.format2().replacing(#""fill_value":0"#, with: #""fill_value":513"#).utf8)
            return try write(files)
        case "half floats":
            sample.prefix = "c/"
            return try write(
                sample.store3(
                    sample.format3(#"{"name":"bytes","configuration":{"endian":"big"}}"#, type: "float16")))
        default: return try write(sample.store2())
        }
    }

    @Test(arguments: kinds) func `every box is what the whole volume has there`(kind: String) throws {
        let store = try store(kind)
        let whole = try InMemoryVolume(copyOf: openVolume(at: store, scratch: folder.url))
        // Nothing, one chunk or all of them are kept.
        for (cacheBytes, threads) in [(0, 1), (64, 3), (1 << 20, 2)] {
            let source = try ZarrFolderVolume(store, cacheBytes: cacheBytes, threads: threads)
            #expect(source.header == whole.header)
            #expect(try allBytes(source) == whole.bytes)
            var random = Random(seed: 5)
            for _ in 0..<20 {
                let box = Box.random(in: whole.header.extent, using: &random)
                let channel = Int.random(in: 0..<whole.header.channels, using: &random)
                #expect(try source.raw(box, channel: channel) == whole.raw(box, channel: channel))
            }
            #expect(source.hasFoundChunks)
        }
    }

    @Test func `statistics are those of the volume in memory, each chunk unpacked once`() throws {
        let store = try store("plain")
        let whole = try InMemoryVolume(copyOf: openVolume(at: store, scratch: folder.url))
        let source = try ZarrFolderVolume(store, cacheBytes: 0)
        var shares: [Double] = []
        let statistics = try ChannelStatistics.measure(source) { shares.append($0) }
        #expect(try statistics == ChannelStatistics.measure(whole))
        #expect(shares == shares.sorted() && shares.allSatisfy { (0...1).contains($0) })
        #expect(source.piece == Extent(z: 6, y: 8, x: 8))
    }

    @Test func `an array of terabytes is opened, and a box of it read, in no time`() throws {
        var sample = ZarrSample()
        (sample.shape, sample.chunk) = ([1, 20000, 30000, 30000], [1, 64, 64, 64])
        let document = sample.format2(#""compressor":null"#)
        let store = try write([
            (".zattrs", Array(ZarrSample.image().utf8)), ("0/.zarray", Array(document.utf8)),
            ("0/0/100/200/300", [UInt8](repeating: 7, count: 2 << 18)),
        ])
        let source = try ZarrFolderVolume(store)
        #expect(source.header.byteCount == 36_000_000_000_000)
        #expect(!source.hasFoundChunks)
        let box = Box(origin: Voxel(z: 6463, y: 12800, x: 19199), extent: Extent(z: 2, y: 1, x: 2))
        #expect(try source.raw(box) == [0, 0, 7, 7, 0, 0, 0, 0])
        #expect(source.hasFoundChunks)
    }

    @Test func `what can't be read is an error, never voxels`() throws {
        let store = try store("blosc")
        let chunk = store.appending(path: "0/c/0/1/1/0")
        try Data([1, 2, 3]).write(to: chunk)
        let source = try ZarrFolderVolume(store)
        let message = { (error: any Error) in "\(error)".contains("the chunk 0/c/0/1/1/0 in the OME-Zarr can't be read")
        }
        #expect { try allBytes(source) } throws: { message($0) }
        // Again, too.
        #expect { try allBytes(source) } throws: { message($0) }
        #expect { try ZarrFolderVolume(chunk) } throws: { "\($0)".contains("an OME-Zarr that is a folder is expected") }
        var large = ZarrSample()
        large.chunk = [1, 1024, 1024, 1024]
        let wide = try write([
            (".zattrs", Array(ZarrSample.image().utf8)),
            ("0/.zarray", Array(large.format2(#""compressor":null"#).utf8)),
        ])
        #expect { try ZarrFolderVolume(wide) } throws: { "\($0)".contains("268435456 bytes are unpacked at once") }
    }

    @Test func `two arrays have the same identity if their documents are the same`() throws {
        let one = try ZarrFolderVolume(store("plain")).identity
        #expect(try ZarrFolderVolume(store("plain")).identity == one)
        #expect(try ZarrFolderVolume(store("missing")).identity != one)
        #expect(try ZarrFolderVolume(store("plain"), hints: VolumeHints(axes: "zcyx")).identity != one)
    }
}
