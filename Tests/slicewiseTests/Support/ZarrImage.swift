import Foundation
import TestSupport

/// An OME-Zarr 0.4 of noise in a folder, uint8 with chunks as they are.
struct ZarrImage {
    let shape: [Int]
    let chunk: [Int]
    var seed: UInt64 = 1

    func write(to folder: URL, chunks isThere: Bool = true) throws {
        let attributes = #"""
            {"multiscales":[{"version":"0.4","axes":[{"name":"z","type":"space","unit":"micrometer"},
             {"name":"y","type":"space","unit":"micrometer"},{"name":"x","type":"space","unit":"micrometer"}],
             "datasets":[{"path":"0","coordinateTransformations":[{"type":"scale","scale":[2,1,1]}]}]}]}
            """#
        let array = """
            {"zarr_format":2,"shape":\(shape),"chunks":\(chunk),"dtype":"|u1","compressor":null,"filters":null,
             "fill_value":0,"order":"C","dimension_separator":"/"}
            """
        try put(Data(attributes.utf8), folder, ".zattrs")
        try put(Data(#"{"zarr_format":2}"#.utf8), folder, ".zgroup")
        try put(Data(array.utf8), folder, "0/.zarray")
        guard isThere else { return }
        var random = SeededGenerator(seed: seed)
        let counts = zip(shape, chunk).map { ($0 + $1 - 1) / $1 }
        for z in 0..<counts[0] {
            for y in 0..<counts[1] {
                for x in 0..<counts[2] {
                    try put(Data(random.bytes(chunk.reduce(1, *))), folder, "0/\(z)/\(y)/\(x)")
                }
            }
        }
    }

    private func put(_ data: Data, _ folder: URL, _ path: String) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
    }
}
