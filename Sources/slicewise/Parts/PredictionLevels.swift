internal import Foundation
internal import Synchronization
internal import Text
internal import Training
internal import Volumes

/// The last step of a prediction in parts: coarser levels, and what makes the folder an OME-Zarr.
struct PredictionLevels {
    let folder: PredictionFolder
    let threads: Int

    private static let mostListed = 20

    /// Throws unless every block is there.
    func check() throws {
        let all = folder.manifest.plan.count
        let missing = (0..<all).filter { !folder.has(block: $0) }
        guard !missing.isEmpty else { return }
        let listed = missing.prefix(Self.mostListed).map { number in
            let origin = folder.manifest.plan.box(of: number).origin
            return "\(number) (from z \(origin.z), y \(origin.y), x \(origin.x))"
        }
        throw CommandError(
            "\(folder.url.relativePath): is not whole: of \(all.counting("block")) \(missing.count) "
                + "\(missing.count == 1 ? "is" : "are") missing: " + listed.joined(separator: ", ")
                + (missing.count > Self.mostListed ? ", …" : "")
                + ". The same command with --part 1/1 instead of --finish predicts these, and so do the parts that they are of"
        )
    }

    /// Writes the levels that are missing, or all of them `again`, and then the documents; false if `goOn`, called with
    /// the fraction done, returned false.
    func finish(again: Bool, while goOn: (Double) -> Bool) throws -> Bool {
        let documents = folder.documents
        // Arrays, by which levels are read; no group yet.
        try folder.write(documents.filter { $0.path.hasSuffix("/.zarray") || isArray($0.path) })
        let steps = folder.manifest.outputs.flatMap { output in
            folder.levels.indices.dropFirst().map { (output, $0) }
        }
        for (number, (output, level)) in steps.enumerated() {
            let done = try make(level, of: output, again) { goOn((Double(number) + $0) / Double(steps.count)) }
            guard done else { return false }
        }
        try folder.write(documents)
        folder.tidy()
        return true
    }

    /// Whether a document of format 3 is that of an array, whose name is a number.
    private func isArray(_ path: String) -> Bool {
        path.hasSuffix("/zarr.json") && path.split(separator: "/").dropLast().last.flatMap { Int($0) } != nil
    }

    /// Makes a level from the one before, several rows of files at a time.
    private func make(
        _ level: Int, of output: PredictionOutput, _ again: Bool, while goOn: (Double) -> Bool
    ) throws -> Bool {
        let files = folder.files(of: level)
        let before = output.path.isEmpty ? "\(level - 1)" : "\(output.path)/\(level - 1)"
        let axes = output == .labels ? "zyx" : "czyx"
        let source = try ZarrFolderVolume(
            folder.url, hints: VolumeHints(axes: axes, dataset: before), cacheBytes: 64 << 20)
        let halved = folder.pyramid.halvedAxes(of: level)
        let channels = output.channels(classes: folder.manifest.classes.count)
        let counts = files.counts
        let rows = channels * counts.z * counts.y
        for first in stride(from: 0, to: rows, by: threads) {
            guard goOn(Double(first) / Double(rows)) else { return false }
            let failure = Mutex<(any Error)?>(nil)
            DispatchQueue.concurrentPerform(iterations: min(threads, rows - first)) { part in
                let row = first + part
                let (channel, z, y) = (row / (counts.z * counts.y), row / counts.y % counts.z, row % counts.y)
                do {
                    for x in 0..<counts.x {
                        let place = Voxel(z: z, y: y, x: x)
                        if !again, folder.has(output, level: level, channel: channel, place) { continue }
                        try folder.write(output, level: level, channel: channel, place) { box in
                            try output.halving.read(box, channel: channel, from: source, halving: halved)
                        }
                    }
                } catch {
                    failure.withLock { $0 = error }
                }
            }
            if let failure = failure.withLock({ $0 }) { throw failure }
        }
        return true
    }
}
