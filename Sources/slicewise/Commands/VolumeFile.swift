internal import Foundation
internal import Volumes

/// A volume file named on the command line.
struct VolumeFile {
    let url: URL

    init(_ path: String) {
        url = URL(filePath: path)
    }

    /// Opens the file for reading box by box; a compressed file is unpacked to the folder for temporary files.
    func open(_ hints: VolumeHints = VolumeHints()) throws -> any VoxelSource {
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw CommandError("\(url.relativePath): there is no such file")
        }
        do {
            return try openVolume(at: url, hints: hints, scratch: FileManager.default.temporaryDirectory)
        } catch {
            throw CommandError("\(url.relativePath): \(error)")
        }
    }

    /// The format that the name's ending stands for.
    func format() throws -> VolumeFormat {
        guard let format = VolumeFormat(fileName: url.lastPathComponent) else {
            let known = VolumeFormat.allCases.map { "." + $0.fileExtension }.joined(separator: ", ")
            throw CommandError("\(url.relativePath): the name's ending is not a known format's; known are \(known)")
        }
        return format
    }

    func write(_ source: any VoxelSource, look: VolumeLook) throws {
        try writeVolume(source, as: format(), to: url, look: look)
    }
}
