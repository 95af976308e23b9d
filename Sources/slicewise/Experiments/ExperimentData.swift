internal import Foundation
internal import Training
internal import Volumes

/// The volumes of an experiment, from files or phantoms.
struct ExperimentData {
    /// Which slices of a densely labelled volume are annotated by default.
    enum Annotation {
        case all
        case perAxis(Int)
        /// For phantoms as many as the paper's volumes had; for files this many per axis.
        case asInPaper(Int)
    }

    private struct Entry {
        var subject: ExperimentSubject
        var image: any VoxelSource
        var labels: any VoxelSource
        var truth: (any VoxelSource)?
        /// The annotated slices, if the labels are not dense.
        var slices: [AnnotatedSlice]?
    }

    private let entries: [Entry]
    let classes: [String]
    /// A text per file that changes when the file does, and others that change when files are read in another way.
    let identity: [String]

    var subjects: [ExperimentSubject] { entries.map(\.subject) }

    /// `usual` is what is annotated in dense labels if `--slices` is not given.
    init(_ files: ExperimentFiles, usual: Annotation) throws {
        let annotation = files.slices.map { Annotation.perAxis($0) } ?? usual
        (entries, identity) =
            files.phantoms > 0 ? try Self.phantoms(files, annotation) : try Self.files(files, annotation)
        let highest = (entries.compactMap(\.subject.classes).max() ?? 2) - 1
        guard files.classes.isEmpty || files.classes.count > highest else {
            throw CommandError(
                "the labels use class \(highest); --classes names \(files.classes.count), not at least \(highest + 1)")
        }
        let usual = files.phantoms > 0 ? Phantom.classes : (0...highest).map { "class\($0)" }
        classes = files.classes.isEmpty ? usual : files.classes
    }

    /// The volumes with the slices that a plan names.
    func load(_ plan: ExperimentPlan) throws -> [ExperimentVolume] {
        let named = Set(plan.trials.flatMap { $0.training + ($0.test.slices ?? []) })
        return try entries.map { entry in
            let name = entry.subject.name
            let slices =
                try entry.slices
                ?? named.filter { $0.volume == name }.map { try entry.labels.slice(at: $0.position) }
            return ExperimentVolume(
                name: name, image: entry.image, statistics: try ChannelStatistics.measure(entry.image), slices: slices,
                truth: entry.truth)
        }
    }

    private static func files(_ files: ExperimentFiles, _ annotation: Annotation) throws -> ([Entry], [String]) {
        func choose(_ places: [VolumeSlice]) -> [VolumeSlice] {
            switch annotation {
            case .all: places
            case .perAxis(let count), .asInPaper(let count): places.evenlySpaced(count)
            }
        }
        let short = files.image.map { String(URL(filePath: $0).lastPathComponent.prefix { $0 != "." }) }
        let isClear = Set(short).count == short.count && !short.contains("")
        let names = isClear ? short : files.image
        let entries = try files.image.indices.map { number in
            let image = try files.images.open(files.image[number])
            let open = { (path: String) in
                try FileTraining.labels(
                    path, on: image.header, ignoringPlace: files.ignorePlace, meaning: files.meaning,
                    classes: files.classes)
            }
            let labels = try open(files.labels[number])
            let truth = files.truth.isEmpty ? nil : try open(files.truth[number])
            return try entry(names[number], image, labels, truth: truth, choose: choose)
        }
        let identity = (files.image + files.labels + files.truth).map { path in
            let facts = try? FileManager.default.attributesOfItem(atPath: path)
            return "\(path) \(facts?[.size] ?? 0) \((facts?[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0)"
        }
        let reading = [files.meaning.values, files.meaning.labelDataset, files.ignorePlace ? "ignore place" : nil]
        return (entries, identity + reading.map { $0 ?? "" } + [files.images.identity])
    }

    private static func entry(
        _ name: String, _ image: any VoxelSource, _ labels: any VoxelSource, truth: (any VoxelSource)?,
        choose: ([VolumeSlice]) -> [VolumeSlice]
    ) throws -> Entry {
        let extent = image.header.extent
        let found = try scan(labels)
        let classes = try max(Int(truth.map { try scan($0).highest } ?? found.highest) + 1, 2)
        if found.isDense {
            let places = choose(VolumeSlice.all(of: name, extent: extent))
            return Entry(
                subject: ExperimentSubject(
                    name: name, header: image.header, slices: places, hasTruth: true, classes: classes),
                image: image, labels: labels, truth: truth ?? labels, slices: nil)
        }
        let slices = try FileTraining.reading(name) { try SliceSplitter.slices(of: labels) }
        let places = slices.map { VolumeSlice(volume: name, at: $0.position) }
        return Entry(
            subject: ExperimentSubject(
                name: name, header: image.header, slices: places, hasTruth: truth != nil, classes: classes),
            image: image, labels: labels, truth: truth, slices: slices)
    }

    private static func scan(_ labels: any VoxelSource) throws -> (isDense: Bool, highest: UInt8) {
        var isDense = true
        var highest: UInt8 = 0
        for z in 0..<labels.header.extent.z {
            for value in try labels.labels(slice: SlicePosition(.z, z)) {
                if value == AnnotatedSlice.unlabeled { isDense = false } else if value > highest { highest = value }
            }
        }
        return (isDense, highest)
    }

    /// Phantoms with the sizes and numbers of annotated slices of the paper (Çiçek and others 2016), scaled.
    private static func phantoms(_ files: ExperimentFiles, _ annotation: Annotation) throws -> ([Entry], [String]) {
        let paper = [
            (size: Extent(z: 64, y: 244, x: 248), slices: Extent(z: 21, y: 5, x: 7)),
            (size: Extent(z: 56, y: 244, x: 245), slices: Extent(z: 12, y: 7, x: 6)),
            (size: Extent(z: 59, y: 244, x: 246), slices: Extent(z: 10, y: 5, x: 4)),
        ]
        func scaled(_ extent: Extent, least: Int) -> Extent {
            var result = extent
            for axis in Axis.allCases { result[axis] = max(Int((Double(extent[axis]) * files.scale).rounded()), least) }
            return result
        }
        let entries = try paper.prefix(files.phantoms).enumerated().map { number, original in
            let extent = scaled(original.size, least: 8)
            let phantom = try Phantom(
                extent: extent, channels: 3, seed: files.seed + UInt64(number), anisotropy: 2.04 / 1.76
            ).make()
            let counts = scaled(original.slices, least: 1)
            return try entry("phantom\(number + 1)", phantom.image, phantom.truth, truth: nil) { places in
                switch annotation {
                case .all: places
                case .perAxis(let count): places.evenlySpaced(count)
                case .asInPaper:
                    Axis.allCases.flatMap { axis in places.filter { $0.axis == axis }.evenlySpaced(counts[axis]) }
                }
            }
        }
        return (entries, ["phantoms \(files.phantoms) \(files.scale) \(files.seed)"])
    }
}
