import Foundation
import Volumes

/// An array of Zarr of 16-bit numbers, and the images of OME-Zarr made of it, by hand.
struct ZarrSample {
    var shape = [2, 5, 7, 6]
    var chunk = [1, 2, 4, 4]
    /// The axes as they lie in a chunk, the slowest first.
    var order: [Int]?
    var bigEndian = false
    /// Between the numbers of a chunk's name, and what stands in front of them.
    var separator = "/"
    var prefix = ""
    /// What is done to a chunk's bytes.
    var pack: ([UInt8]) throws -> [UInt8] = { $0 }
    /// Chunks that are left out.
    var missing: Set<[Int]> = []
    /// What a number is more than its place in the array.
    var first = 0

    /// The bytes of all numbers, little-endian, the first axis slowest.
    var values: [UInt8] { (0..<shape.reduce(1, *)).flatMap { Self.bytes(UInt16(truncatingIfNeeded: $0 * 7 + first)) } }

    private static func bytes(_ value: UInt16) -> [UInt8] { [UInt8(value & 255), UInt8(value >> 8)] }

    /// The number of chunks along each axis.
    var counts: [Int] { zip(shape, chunk).map { ($0 + $1 - 1) / $1 } }

    /// The chunks by their names below an array's path.
    func chunks(at path: String = "0") throws -> [(String, [UInt8])] {
        try Self.places(in: counts).filter { !missing.contains($0) }.map { place in
            let name = place.map(String.init).joined(separator: separator)
            return ("\(path)/\(prefix)\(name)", try pack(bytes(of: place)))
        }
    }

    /// A chunk before it is packed; beyond the array it has 0xabab.
    func bytes(of place: [Int]) -> [UInt8] {
        let order = order ?? Array(shape.indices)
        return Self.places(in: order.map { chunk[$0] }).flatMap { inner -> [UInt8] in
            var index = [Int](repeating: 0, count: shape.count)
            for (axis, step) in zip(order, inner) { index[axis] = place[axis] * chunk[axis] + step }
            guard zip(index, shape).allSatisfy({ $0 < $1 }) else { return [0xab, 0xab] }
            let number = zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
            let bytes = Self.bytes(UInt16(truncatingIfNeeded: number * 7 + first))
            return bigEndian ? bytes.reversed() : bytes
        }
    }

    /// Every place of a grid, the last axis fastest.
    static func places(in counts: [Int]) -> [[Int]] {
        counts.reduce([[]]) { places, count in places.flatMap { place in (0..<count).map { place + [$0] } } }
    }

    /// The document of the array in format 2, with members of its own.
    func format2(_ members: String = #""compressor":null,"filters":null,"order":"C""#, dtype: String = "<u2") -> String
    {
        """
        {"zarr_format":2,"shape":\(shape),"chunks":\(chunk),"dtype":"\(dtype)","fill_value":0,
         "dimension_separator":"\(separator)",\(members)}
        """
    }

    /// The document of the array in format 3 by its codecs.
    func format3(_ codecs: String, type: String = "uint16", fill: String = "0", grid: [Int]? = nil) -> String {
        """
        {"zarr_format":3,"node_type":"array","shape":\(shape),"data_type":"\(type)","fill_value":\(fill),
         "chunk_grid":{"name":"regular","configuration":{"chunk_shape":\(grid ?? chunk)}},
         "chunk_key_encoding":{"name":"default","configuration":{"separator":"/"}},"codecs":[\(codecs)]}
        """
    }

    static let axes = #"""
        {"name":"c","type":"channel"},{"name":"z","type":"space","unit":"micrometer"},
        {"name":"y","type":"space","unit":"micrometer"},{"name":"x","type":"space","unit":"micrometer"}
        """#

    /// The attributes of an image in format 2.
    static func image(
        axes: String = axes, levels: [String] = ["0"], scale: String = "[1,2,0.5,0.25]", more: String = ""
    ) -> String {
        let datasets = levels.map {
            #"{"path":"\#($0)","coordinateTransformations":[{"type":"scale","scale":\#(scale)}]}"#
        }
        return #"{"multiscales":[{"axes":[\#(axes)],"datasets":[\#(datasets.joined(separator: ","))]}]\#(more)}"#
    }

    /// The files of a store of format 2 with one image.
    func store2(_ members: String = #""compressor":null"#, attributes: String = image()) throws -> [(String, [UInt8])] {
        [(".zgroup", Array(#"{"zarr_format":2}"#.utf8)), (".zattrs", Array(attributes.utf8))]
            + [("0/.zarray", Array(format2(members).utf8))] + (try chunks())
    }

    /// The files of a store of format 3 with one image.
    func store3(_ document: String, attributes: String = image()) throws -> [(String, [UInt8])] {
        let root = #"{"zarr_format":3,"node_type":"group","attributes":{"ome":\#(attributes)}}"#
        return [("zarr.json", Array(root.utf8)), ("0/zarr.json", Array(document.utf8))] + (try chunks())
    }
}
