import Foundation
import HTTP
import Synchronization
import TestSupport

/// A web server with files below `/images/x.zarr/`, which counts what it is asked for.
final class ZarrWeb: Sendable {
    let files: Mutex<[String: [UInt8]]>
    /// What it answers to names instead of a file, once for each status in a list.
    let answers = Mutex<[String: [Response]]>([:])
    let asked = Mutex<[String]>([])

    init(_ files: [String: [UInt8]]) { self.files = Mutex(files) }

    /// Serves while the body runs, which is given the address in front of all paths.
    func serving(_ body: (String) async throws -> Void) async throws {
        var router = Router(logger: .silent)
        router.on(.get, "/{path...}") { [self] request in
            let path = request.segments.joined(separator: "/")
            asked.withLock { $0.append(path) }
            let answer = answers.withLock { answers -> Response? in
                guard let first = answers[path]?.first else { return nil }
                if answers[path]?.count ?? 0 > 1 { answers[path]?.removeFirst() }
                return first
            }
            if let answer { return answer }
            guard let file = files.withLock({ $0[path] }) else { throw HTTPError.notFound("none") }
            return .bytes(file, contentType: "application/octet-stream")
        }
        try await withServer(router.freeze()) { try await body("http://127.0.0.1:\($0)") }
    }

    /// An image of 2×2×4 voxels in two chunks, in format 2, of which no chunk is packed.
    static func image(at path: String = "images/x.zarr", first: UInt8 = 1) -> [String: [UInt8]] {
        let attributes = #"{"multiscales":[{"axes":["z","y","x"],"datasets":[{"path":"0"}]}]}"#
        let array = #"{"zarr_format":2,"shape":[2,2,4],"chunks":[2,2,2],"dtype":"|u1","fill_value":9,"order":"C","#
        return [
            "\(path)/.zattrs": Array(attributes.utf8),
            "\(path)/0/.zarray": Array((array + #""filters":null,"compressor":null}"#).utf8),
            "\(path)/0/0.0.0": (0..<8).map { first + $0 }, "\(path)/0/0.0.1": (0..<8).map { first + 8 + $0 },
        ]
    }

    /// An image of 2×2×2 voxels in a shard of one chunk, in format 3.
    static func shard(at path: String) -> [String: [UInt8]] {
        let root = #"""
            {"zarr_format":3,"node_type":"group","attributes":{"ome":{"version":"0.5","multiscales":[
             {"axes":[{"name":"z"},{"name":"y"},{"name":"x"}],"datasets":[{"path":"0"}]}]}}}
            """#
        let array = #"""
            {"zarr_format":3,"node_type":"array","shape":[2,2,2],"data_type":"uint8","fill_value":0,
             "chunk_grid":{"name":"regular","configuration":{"chunk_shape":[2,2,2]}},
             "chunk_key_encoding":{"name":"default","configuration":{"separator":"/"}},
             "codecs":[{"name":"sharding_indexed","configuration":{"chunk_shape":[2,2,2],"index_location":"end",
              "codecs":[{"name":"bytes"}],"index_codecs":[{"name":"bytes","configuration":{"endian":"little"}}]}}]}
            """#
        let index: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0]
        return [
            "\(path)/zarr.json": Array(root.utf8), "\(path)/0/zarr.json": Array(array.utf8),
            "\(path)/0/c/0/0/0": [1, 2, 3, 4, 5, 6, 7, 8] + index,
        ]
    }
}
