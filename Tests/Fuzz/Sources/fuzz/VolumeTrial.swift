internal import Foundation
internal import Volumes

/// What an uploaded volume goes through: it is opened, read in parts, measured, drawn, taken as labels, written in a
/// format that its bytes choose.
enum VolumeTrial {
    /// The most voxel bytes that are taken, which bounds the memory.
    private static let limit = 4 << 20
    /// More is too slow to be gone through whole again and again.
    private static let small = 1 << 14

    /// Files lie in memory.
    private static let folder: URL = {
        let shared = URL(fileURLWithPath: "/dev/shm")
        let base = FileManager.default.fileExists(atPath: shared.path) ? shared : FileManager.default.temporaryDirectory
        let folder = base.appendingPathComponent("slicewise-fuzz-\(getpid())")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        atexit { VolumeTrial.removeFolder() }
        return folder
    }()

    private static func removeFolder() { try? FileManager.default.removeItem(at: folder) }

    private static let written = VolumeFormat.allCases.filter { $0 != .raw }

    static func run(_ bytes: [UInt8]) {
        run(bytes, hints: VolumeHints(), mapping: LabelMapping(classCount: 200))
    }

    static func run(_ bytes: [UInt8], hints: VolumeHints, mapping: LabelMapping) {
        let file = folder.appendingPathComponent("sample")
        guard (try? Data(bytes).write(to: file)) != nil else { return }
        let dice = bytes.reduce(0) { $0 &+ Int($1) }
        Parser.refusable {
            let source = try openVolume(at: file, hints: hints, scratch: folder, limit: limit)
            try use(source, mapping: mapping, dice: dice)
        }
    }

    private static func use(_ source: any VoxelSource, mapping: LabelMapping, dice: Int) throws {
        let format = written[dice % written.count]
        let header = source.header
        expect(header.byteCount <= limit, "more than the limit was taken")
        for axis in Axis.allCases {
            let middle = Box(slice: SlicePosition(axis, header.extent[axis] / 2), of: header.extent)
            _ = try source.raw(middle, channel: header.channels - 1)
        }
        guard header.byteCount <= small, header.channels <= 64 else {
            _ = try? writeVolume(NoVoxels(header: header), as: format, to: folder.appendingPathComponent("copy"))
            return
        }
        // The 65,536 counters of a 16-bit channel take 10 ms with the checks, so that few can be tried.
        if header.element.size != 2 || dice % 16 == 0 {
            let statistics = try ChannelStatistics.measure(source)
            for axis in Axis.allCases {
                _ = try SliceRenderer(statistics: statistics).png(of: source, slice: SlicePosition(axis, 0))
            }
        }
        Parser.refusable {
            let file = try LabelVolume(source)
            _ = try file.distinctValues()
            _ = try SliceSplitter.slices(of: MappedLabels(file.source, mapping: mapping))
        }
        try copy(source, to: format)
    }

    /// What was written in any format is read back as it was.
    private static func copy(_ source: any VoxelSource, to format: VolumeFormat) throws {
        let voxels = try voxels(of: source)
        let copy = folder.appendingPathComponent("copy")
        do { try writeVolume(source, as: format, to: copy) } catch is VolumeError { return }
        do {
            // Bare arrays whose last axis is short take a word about their axes.
            let axes = source.header.channels == 1 ? "zyx" : "czyx"
            let read = try openVolume(
                at: copy, hints: VolumeHints(axes: format == .npy ? axes : nil), scratch: folder)
            let same = try read.header.extent == source.header.extent && self.voxels(of: read) == voxels
            expect(same && read.header.element == source.header.element, "\(format) changed the voxels")
        } catch {
            fatalError("\(format) cannot be read any more: \(error)")
        }
    }

    private static func voxels(of source: any VoxelSource) throws -> [[UInt8]] {
        try (0..<source.header.channels).map { try source.raw(Box(extent: source.header.extent), channel: $0) }
    }

    /// A header without anything behind it, to see whether it can be written.
    private struct NoVoxels: VoxelSource {
        let header: VolumeHeader

        func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
            throw VolumeError.io("there are no voxels")
        }
    }
}
