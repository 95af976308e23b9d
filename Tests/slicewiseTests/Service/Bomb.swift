import Foundation
import Testing

/// A file that does harm where its header is believed, and the status with which it must be refused.
struct Bomb {
    let name: String
    let status: Int
    let bytes: Data

    /// In every format; those that unpack to something unpack to `size` zeros.
    static func volumes(_ size: Int) throws -> [Bomb] {
        let gzip = try gzipped(size)
        let deflate = gzip.dropFirst(10).dropLast(8)
        let zlib = [0x78, 0x9c] + deflate + number(size % 65_521 << 16 | 1, 4).reversed()
        let side = 512
        let sizes = "\(size / side / side) \(side) \(side)"
        let text = { (lines: [String]) in Data(lines.joined(separator: "\n").utf8) }
        let image = ["ObjectType = Image", "NDims = 3", "BinaryData = True", "CompressedData = True"]
        return [
            Bomb(
                name: "gzipped NIfTI", status: 413, bytes: try gzipped(nifti([size / side / side, side, side]), size)),
            Bomb(
                name: "NRRD in gzip", status: 413,
                bytes: text(["NRRD0004", "type: uint8", "dimension: 3", "sizes: \(sizes)", "encoding: gzip", "", ""])
                    + gzip),
            Bomb(
                name: "MetaImage in zlib", status: 413,
                bytes: text(
                    image + ["DimSize = \(sizes)", "ElementType = MET_UCHAR", "ElementDataFile = LOCAL", ""]) + zlib),
            Bomb(
                name: "MetaImage shorter than it says", status: 400,
                bytes: text(
                    image + [
                        "CompressedDataSize = 1099511627776", "DimSize = 16 16 16", "ElementType = MET_UCHAR",
                        "ElementDataFile = LOCAL", "",
                    ]) + [0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]),
            Bomb(name: "TIFF strip in zlib", status: 413, bytes: tiff(16_384, Data(zlib))),
            Bomb(name: "TIFF of 2³¹ × 2³¹", status: 413, bytes: tiff(1 << 31, Data(zlib.prefix(100)))),
            Bomb(name: "NPY of 2⁴⁰ planes", status: 400, bytes: npy("(1099511627776, 16, 16)")),
            Bomb(name: "NPY of 2⁸⁰ voxels", status: 413, bytes: npy("(1099511627776, 1099511627776, 1)")),
            Bomb(name: "NPY of more digits than a number has", status: 400, bytes: npy("(99999999999999999999, 1, 1)")),
            Bomb(name: "NIfTI-2 of 2¹²⁰ voxels", status: 413, bytes: nifti2(1 << 40)),
            Bomb(name: "NIfTI that begins before itself", status: 400, bytes: nifti([2, 4, 4], offset: -1e30)),
        ]
    }

    /// A PNG of few bytes that claims side × side pixels.
    static func png(_ side: Int) -> Data {
        let sides = Data((number(side, 4).reversed() + number(side, 4).reversed()))
        let magic = Data([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]) + Data("IHDR".utf8)
        return magic + sides + Data([8, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    /// A NIfTI-1 file of bytes.
    static func nifti(_ sizes: [Int], _ voxels: Data = Data(), offset: Float = 352) -> Data {
        var header = [UInt8](repeating: 0, count: 352)
        put(348, 4, at: 0, &header)
        for (place, value) in ([3] + sizes.reversed() + [1, 1, 1, 1]).enumerated() {
            put(value, 2, at: 40 + 2 * place, &header)
        }
        put(2, 2, at: 70, &header)
        put(8, 2, at: 72, &header)
        put(Int(offset.bitPattern), 4, at: 108, &header)
        header.replaceSubrange(344..<348, with: [0x6e, 0x2b, 0x31, 0])
        return Data(header) + voxels
    }

    private static func nifti2(_ side: Int) -> Data {
        var header = [UInt8](repeating: 0, count: 544)
        put(540, 4, at: 0, &header)
        header.replaceSubrange(4..<12, with: [0x6e, 0x2b, 0x32, 0, 0x0d, 0x0a, 0x1a, 0x0a])
        put(2, 2, at: 12, &header)
        put(8, 2, at: 14, &header)
        for (place, value) in [3, side, side, side, 1, 1, 1, 1].enumerated() {
            put(value, 8, at: 16 + 8 * place, &header)
        }
        put(544, 8, at: 168, &header)
        return Data(header)
    }

    private static func npy(_ shape: String) -> Data {
        var head = "{'descr': '|u1', 'fortran_order': False, 'shape': \(shape), }"
        head += String(repeating: " ", count: 117 - head.count) + "\n"
        return Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, 118, 0]) + Data(head.utf8)
    }

    /// One deflated strip that is the whole page.
    private static func tiff(_ side: Int, _ strip: Data) -> Data {
        let fields = [
            (256, side), (257, side), (258, 8), (259, 8), (262, 1), (273, 8), (277, 1), (278, side), (279, strip.count),
        ]
        let head = Data("II".utf8) + number(42, 2) + number(8 + strip.count, 4)
        let entries = fields.flatMap { number($0.0, 2) + number(4, 2) + number(1, 4) + number($0.1, 4) }
        return head + strip + number(fields.count, 2) + entries + number(0, 4)
    }

    /// A head and as many zeros.
    private static func gzipped(_ head: Data = Data(), _ zeros: Int) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "{ cat; head -c \(zeros) /dev/zero; } | gzip -c -n"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: head)
        try input.fileHandleForWriting.close()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return bytes
    }

    private static func gzipped(_ zeros: Int) throws -> Data { try gzipped(Data(), zeros) }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func put(_ value: Int, _ count: Int, at place: Int, _ bytes: inout [UInt8]) {
        bytes.replaceSubrange(place..<place + count, with: number(value, count))
    }
}
