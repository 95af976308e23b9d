internal import ArgumentParser
internal import Cryptography
internal import Foundation
internal import Network
internal import Tensors
internal import Text
internal import Training
internal import Volumes

/// A prediction of an OME-Zarr of any size into another one, block by block, by one process or by many.
struct PartedPrediction {
    let model: String
    let image: String
    let hints: VolumeHints
    let out: String
    let threads: Int?
    let options: PartedOptions

    /// The exit status of a process that was told to stop: not whole, and the same command goes on.
    static let stopped: Int32 = 75

    private let progress = ProgressLine()
    private let signals = StopSignals()

    init(
        model: String, image: String, hints: VolumeHints, out: String, threads: Int?, options: PartedOptions
    ) {
        self.model = model
        self.image = image
        self.hints = hints
        self.out = out
        self.threads = threads
        self.options = options
    }

    func run() throws {
        let url = URL(filePath: out, directoryHint: .isDirectory)
        try OutputPlace.check(folder: out)
        try checkApart(URL(filePath: image, directoryHint: .isDirectory), url)
        let checkpoint = try FileTraining.model(model)
        let recipe = try FileTraining.recipe(storedWith: checkpoint)
        let source = try open()
        let folder = try folder(url, of: source, checkpoint, recipe)
        let plan = folder.manifest.plan
        let blocks = "\(plan.count.counting("block")) of \(plan.block.text) voxels"
        if options.prepare { return progress.finish("\(out): prepared, \(blocks)") }
        if !options.finish { try predict(folder, source, checkpoint, recipe) }
        if options.part == nil { try finish(folder) }
    }

    /// The threads for what is no computation of the network.
    private var workers: Int { max(threads ?? ProcessInfo.processInfo.activeProcessorCount, 1) }

    private func open() throws -> ZarrFolderVolume {
        do {
            let source = try ZarrFolderVolume(
                URL(filePath: image, directoryHint: .isDirectory), hints: hints, threads: workers)
            ImageOptions.tell(image, source.header)
            return source
        } catch {
            throw CommandError("\(image): \(error)")
        }
    }

    /// Throws if one of two folders is the other, or lies within it.
    private func checkApart(_ image: URL, _ out: URL) throws {
        let paths = [image, out].map { url in
            // A folder that isn't there yet has no links to follow.
            let folder = url.deletingLastPathComponent().resolvingSymlinksInPath()
            let place = url.isFolder ? url.resolvingSymlinksInPath() : folder.appending(path: url.lastPathComponent)
            return place.standardizedFileURL.path + "/"
        }
        guard !paths[0].hasPrefix(paths[1]), !paths[1].hasPrefix(paths[0]) else {
            throw CommandError(
                "\(self.out): is the image's folder, or one within the other; a folder of its own is expected")
        }
    }

    // MARK: What is predicted

    /// The folder, which is begun if it is new: then the image is measured.
    private func folder(
        _ url: URL, of source: ZarrFolderVolume, _ checkpoint: Checkpoint, _ recipe: Recipe
    ) throws -> PredictionFolder {
        let found = try PredictionFolder.manifest(at: url)
        guard found != nil || !options.finish else {
            throw CommandError("\(out): there is nothing to finish; --part or --prepare begins it")
        }
        var manifest = try manifest(of: source, checkpoint, recipe, as: found)
        if let found { return try PredictionFolder(url, same(found, as: manifest), image: source.header) }
        manifest.statistics = try measure(source)
        let folder = PredictionFolder(url, manifest, image: source.header)
        if try folder.begin() { return folder }
        // Another process has measured it meanwhile.
        guard let found = try PredictionFolder.manifest(at: url) else {
            throw CommandError("\(out): was removed while the image was measured; begin again")
        }
        return try PredictionFolder(url, same(found, as: manifest), image: source.header)
    }

    private func same(
        _ found: PredictionManifest, as wanted: PredictionManifest
    ) throws(CommandError) -> PredictionManifest {
        guard let difference = found.difference(from: wanted) else { return found }
        throw CommandError("\(out): was begun \(difference); say the same as then, or name another folder")
    }

    /// What this command is about; what it doesn't say is as in the folder that was found.
    private func manifest(
        of source: ZarrFolderVolume, _ checkpoint: Checkpoint, _ recipe: Recipe, as found: PredictionManifest?
    ) throws -> PredictionManifest {
        let header = source.header
        let instructions =
            options.instructions ?? found?.instructions ?? InstructionSet.best.rawValue
        guard let set = InstructionSet(rawValue: instructions), set <= .best else {
            throw CommandError(
                "\(out): is computed with \(instructions), which this processor lacks; all parts need machines that have it, or "
                    + "a new folder with --instructions \(InstructionSet.best.rawValue)")
        }
        let image = PredictionManifest.Image(
            sha256: SHA256.hash(source.identity).hexadecimal, channels: header.channels, extent: header.extent,
            spacing: header.spacing)
        let plan =
            if options.memory == nil, let found, found.image == image { found.plan } else {
                try BlockPlan(
                    volume: header, network: checkpoint.configuration.graph, recipe: recipe,
                    memory: (options.memory ?? 1024) << 20)
            }
        return PredictionManifest(
            program: Slicewise.configuration.version, model: SHA256.hash(checkpoint.encoded).hexadecimal, image: image,
            classes: Self.classes(of: checkpoint), outputs: try options.outputs(), zarr: options.version, plan: plan,
            instructions: instructions)
    }

    /// The names of the classes that the model was trained on.
    private static func classes(of checkpoint: Checkpoint) -> [String] {
        let count = checkpoint.configuration.classes
        let names = checkpoint.metadata["classes"].flatMap {
            try? JSONDecoder().decode([String].self, from: Data($0.utf8))
        }
        return names?.count == count ? names ?? [] : (0..<count).map { "class\($0)" }
    }

    private func measure(_ source: ZarrFolderVolume) throws -> [ChannelStatistics] {
        if options.part != nil {
            note("measuring all of the image first; --prepare does it once, before the parts")
        }
        let clock = Stopwatch()
        let statistics = try ChannelStatistics.measure(source) { share in
            progress.show("measuring", fraction: share, eta: clock.rest(after: share))
            if signals.isStopping {
                progress.finish("stopped; the same command goes on")
                throw ExitCode(Self.stopped)
            }
        }
        progress.clear()
        guard source.hasFoundChunks else {
            throw CommandError(
                "\(image): has no chunk, such as \(source.firstKey): every voxel would be the fill value of its array")
        }
        if let flaw = statistics.flaw(of: source.header) { note("\(image): \(flaw)") }
        return statistics
    }

    // MARK: The steps

    private func predict(
        _ folder: PredictionFolder, _ source: ZarrFolderVolume, _ checkpoint: Checkpoint, _ recipe: Recipe
    ) throws {
        let manifest = folder.manifest
        let part = try options.part.map { try PartNumber($0) } ?? .all
        let numbers = part.range(of: manifest.plan.count)
        let missing = options.again ? Array(numbers) : numbers.filter { !folder.has(block: $0) }
        let name = options.part == nil ? out : "\(out): part \(part.text)"
        guard !missing.isEmpty else {
            let what = numbers.isEmpty ? "has no block, as there are only \(manifest.plan.count)" : "is there already"
            return progress.finish("\(name): \(what)")
        }
        let engine = try Engine(
            threads: threads, parts: BlockPredictor.parts,
            instructionSet: InstructionSet(rawValue: manifest.instructions))
        let predictor = try BlockPredictor(
            manifest.plan, model: checkpoint, recipe: recipe, engine: engine, image: source,
            statistics: manifest.statistics)
        let clock = Stopwatch()
        var voxels = 0
        for (done, number) in missing.enumerated() {
            let found = try predictor.predict(block: number) { share in
                let all = (Double(done) + share) / Double(missing.count)
                progress.show("predicting", fraction: all, eta: clock.rest(after: all))
                return !signals.isStopping
            }
            if let found {
                try folder.write(block: number, labels: found.labels, probabilities: found.probabilities)
                voxels += found.labels.count
            }
            guard found != nil, !signals.isStopping || done + 1 == missing.count else {
                let written = numbers.count - missing.count + done + (found == nil ? 0 : 1)
                progress.finish(
                    "\(name): stopped with \(written) of \(numbers.count.counting("block")); the same command goes on")
                throw ExitCode(Self.stopped)
            }
        }
        let rate = Int(Double(voxels) / max(clock.seconds, 1e-9))
        progress.finish(
            "\(name): \(missing.count.counting("block")) in \(ProgressLine.duration(clock.seconds)), "
                + "\(rate.grouped) voxels a second")
    }

    private func finish(_ folder: PredictionFolder) throws {
        let levels = PredictionLevels(folder: folder, threads: workers)
        try levels.check()
        let clock = Stopwatch()
        let finished = try levels.finish(again: options.again) { share in
            progress.show("finishing", fraction: share, eta: clock.rest(after: share))
            return !signals.isStopping
        }
        guard finished else {
            progress.finish("\(out): stopped; the same command goes on")
            throw ExitCode(Self.stopped)
        }
        let names = folder.manifest.outputs.map(\.rawValue).joined(separator: ", ")
        progress.finish("\(out): whole, with \(names) in \(folder.levels.count.counting("level"))")
    }
}

/// How long something has taken, and will.
private struct Stopwatch {
    private let start = ContinuousClock.now

    var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }

    /// The seconds that are left after a share of the work; nil before any.
    func rest(after share: Double) -> Double? { share > 0 ? seconds / share * (1 - share) : nil }
}
