import HTTP
import JSON
import TestSupport
import Testing
import Volumes

/// Reads arrays of an OME-Zarr as libraries do: its document first, then every chunk.
struct ZarrReader {
    let fixture: APIFixture
    /// The path of the OME-Zarr.
    let root: String

    private var isNew: Bool { root.hasSuffix("3") }

    /// The shape of an array, and all its bytes with those of missing chunks.
    func array(_ path: String) async throws -> (shape: [Int], bytes: [UInt8]) {
        let document = try await fixture(.get, "\(root)/\(path)/\(isNew ? "zarr.json" : ".zarray")").json
        let chunks = isNew ? document["chunk_grid"]["configuration"]["chunk_shape"] : document["chunks"]
        let (shape, chunk) = (numbers(document["shape"]), numbers(chunks))
        let element = try #require(
            ElementType.allCases.first { element in
                let (kind, size) = (element.isFloatingPoint ? "f" : element.rawValue.prefix(1), element.size)
                return isNew
                    ? document["data_type"].string == element.rawValue
                    : document["dtype"].string == "\(size > 1 ? "<" : "|")\(kind)\(size)"
            })
        let fill = UInt8(document["fill_value"].number ?? 0)
        // Labels have no channels.
        let size = [Int](repeating: 1, count: 4 - shape.count) + shape
        let piece = [Int](repeating: 1, count: 4 - chunk.count) + chunk
        let extent = Extent(z: size[1], y: size[2], x: size[3])
        let whole = Extent(z: piece[1], y: piece[2], x: piece[3])
        var channels = [[UInt8]](
            repeating: [UInt8](repeating: fill, count: extent.voxels * element.size), count: size[0])
        for channel in 0..<size[0] {
            for z in 0..<(extent.z + whole.z - 1) / whole.z {
                for y in 0..<(extent.y + whole.y - 1) / whole.y {
                    for x in 0..<(extent.x + whole.x - 1) / whole.x {
                        let place = (shape.count == 4 ? [channel] : []) + [z, y, x]
                        guard let voxels = try await self.chunk(path, place, whole, element) else { continue }
                        let box = Box(origin: Voxel(z: z * whole.z, y: y * whole.y, x: x * whole.x), extent: whole)
                        voxels.withUnsafeBytes { voxels in
                            channels[channel].withUnsafeMutableBytes {
                                VoxelCopy.copy(voxels, of: box, to: $0, of: Box(extent: extent), size: element.size)
                            }
                        }
                    }
                }
            }
        }
        return (shape, channels.flatMap(\.self))
    }

    /// The voxels of a chunk; `nil` if it is missing.
    func chunk(_ path: String, _ place: [Int], _ extent: Extent, _ element: ElementType) async throws -> [UInt8]? {
        let key = ([path] + (isNew ? ["c"] : []) + place.map { "\($0)" }).joined(separator: "/")
        let reply = try await fixture(.get, "\(root)/\(key)", headers: ["Accept-Encoding": "zstd, gzip"])
        if reply.status == 404 { return nil }
        #expect(reply.status == 200, "\(key): \(reply.detail)")
        #expect(reply.headers["Content-Encoding"] == nil && reply.headers["ETag"] != nil)
        return try BrickCodec.decode(Array(reply.body.dropFirst(24)), element: element, voxels: extent.voxels)
    }

    private func numbers(_ list: JSONValue) -> [Int] { (0..<list.count).map { Int(list[$0].number ?? -1) } }
}
