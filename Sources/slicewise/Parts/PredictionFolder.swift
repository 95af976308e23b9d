internal import Foundation
internal import JSON
internal import Training
internal import Volumes

/// The OME-Zarr that a prediction is written to part by part, by any number of processes at once.
///
/// Each file appears whole or not at all, under its name, with bytes that depend on the manifest alone. What makes a
/// viewer open the folder is written last.
struct PredictionFolder {
    let url: URL
    let manifest: PredictionManifest
    let pyramid: Pyramid

    /// Where the manifest is, and files that are being written.
    private static let own = ".slicewise"
    private static let manifestName = "\(own)/prediction.json"
    private static let unfinished = "\(own)/writing"

    /// The manifest of a folder that a prediction is written to; `nil` if none was begun there.
    ///
    /// Throws for a folder that holds something else.
    static func manifest(at url: URL) throws -> PredictionManifest? {
        let file = url.appending(path: manifestName)
        guard let data = FileManager.default.contents(atPath: file.path) else {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
            if let name = names.sorted().first(where: { $0 != own }) {
                throw CommandError(
                    "\(url.relativePath): holds something else (\(name)); a new name is expected, or the folder of this "
                        + "prediction")
            }
            return nil
        }
        do {
            return try PredictionManifest(text: String(decoding: data, as: UTF8.self))
        } catch {
            throw CommandError(
                "\(file.relativePath): can't be read, another version of this program may have written it: name another "
                    + "folder")
        }
    }

    init(_ url: URL, _ manifest: PredictionManifest, image: VolumeHeader) {
        self.url = url
        self.manifest = manifest
        pyramid = Pyramid(of: image)
    }

    var levels: [Pyramid.Level] { pyramid.levels }

    /// Writes the manifest, from which on the folder is that of this prediction; false if another process was faster.
    func begin() throws -> Bool { try put(Array(manifest.text().utf8), at: Self.manifestName, onlyIfNew: true) }

    // MARK: Chunks

    func files(of level: Int) -> LevelFiles {
        LevelFiles(
            level: levels[level].extent, chunk: manifest.plan.chunk, block: manifest.plan.block, manifest.zarr)
    }

    /// The path of a file by its place.
    private func path(_ output: PredictionOutput, _ level: Int, channel: Int, _ place: Voxel) -> String {
        let channels = output == .labels ? [] : ["\(channel)"]
        let parts = ["\(level)"] + manifest.zarr.chunkPrefix + channels + [place.z, place.y, place.x].map(String.init)
        return ([output.path] + parts).filter { !$0.isEmpty }.joined(separator: "/")
    }

    /// Writes a file of chunks, whose voxels the body gives box by box.
    func write(
        _ output: PredictionOutput, level: Int, channel: Int, _ place: Voxel, voxels: (Box) throws -> [UInt8]
    ) throws {
        let files = files(of: level)
        let chunks = try files.chunks(of: place).map { box -> [UInt8]? in
            guard !box.isEmpty else { return nil }
            return try BloscChunk.pack(
                voxels(box), of: box.extent, in: files.chunk, fill: 0, element: output.element)
        }
        let bytes = manifest.zarr == .v05 ? ZarrShard.file(of: chunks) : chunks.compactMap(\.self).flatMap(\.self)
        try put(bytes, at: path(output, level, channel: channel, place))
    }

    func has(_ output: PredictionOutput, level: Int, channel: Int, _ place: Voxel) -> Bool {
        access(url.appending(path: path(output, level, channel: channel, place)).path, F_OK) == 0
    }

    /// Whether every file of a block of the volume is there.
    func has(block number: Int) -> Bool {
        let places = files(of: 0).places(in: manifest.plan.box(of: number))
        return manifest.outputs.allSatisfy { output in
            (0..<output.channels(classes: manifest.classes.count)).allSatisfy { channel in
                places.allSatisfy { has(output, level: 0, channel: channel, $0) }
            }
        }
    }

    /// Writes every file of a block of the volume; `probabilities` are K×voxels.
    func write(block number: Int, labels: [UInt8], probabilities: [Float]) throws {
        let block = manifest.plan.box(of: number)
        let classes = manifest.classes.count
        for output in manifest.outputs {
            for channel in 0..<output.channels(classes: classes) {
                let bytes = output.bytes(
                    channel: channel, labels: labels, probabilities: probabilities, classes: classes)
                for place in files(of: 0).places(in: block) {
                    try write(output, level: 0, channel: channel, place) { box in
                        Self.part(box, of: bytes, block, size: output.element.size)
                    }
                }
            }
        }
    }

    private static func part(_ box: Box, of bytes: [UInt8], _ block: Box, size: Int) -> [UInt8] {
        var part = [UInt8](repeating: 0, count: box.extent.voxels * size)
        bytes.withUnsafeBytes { source in
            part.withUnsafeMutableBytes { VoxelCopy.copy(source, of: block, to: $0, of: box, size: size) }
        }
        return part
    }

    // MARK: Documents

    /// Everything that tells what the arrays are.
    var documents: [(path: String, document: JSONValue)] {
        let groups = manifest.outputs.map { output -> (PredictionOutput, JSONObject, [ZarrTree.Member]) in
            let image = output.image(levels: levels, classes: manifest.classes)
            let arrays = levels.indices.map { number in
                let files = files(of: number)
                let shard = manifest.zarr == .v05 ? files.file : nil
                return ZarrTree.Member(
                    name: "\(number)",
                    node: .array(
                        image.array(
                            of: levels[number], chunk: files.chunk, shard: shard, element: output.element)))
            }
            return (output, manifest.zarr.attributes(image.attributes(manifest.zarr)), arrays)
        }
        let images = groups.filter { $0.0 != .labels }.map { output, attributes, arrays in
            ZarrTree.Member(name: output.path, node: .group(attributes: attributes, arrays))
        }
        guard let (_, attributes, arrays) = groups.first(where: { $0.0 == .labels }) else { return [] }
        return ZarrTree.group(attributes: attributes, arrays + images).files(manifest.zarr)
    }

    /// Writes documents in this order.
    func write(_ documents: [(path: String, document: JSONValue)]) throws {
        for (path, document) in documents { try put(Array((document.indentedText + "\n").utf8), at: path) }
    }

    /// Removes what killed processes left behind.
    func tidy() { try? FileManager.default.removeItem(at: url.appending(path: Self.unfinished)) }

    @discardableResult
    private func put(_ bytes: [UInt8], at path: String, onlyIfNew: Bool = false) throws -> Bool {
        do {
            return try WholeFile.put(
                bytes, at: url.appending(path: path), by: url.appending(path: Self.unfinished), onlyIfNew: onlyIfNew)
        } catch {
            throw CommandError("\(url.relativePath)/\(path): cannot be written: \(error)")
        }
    }
}
