internal import Foundation
internal import JSON
internal import Network
internal import Text
internal import Training
internal import Volumes

/// Reads the inputs of `train`, `predict` and `evaluate` from files.
enum FileTraining {
    /// An image with its sparse labels, split into annotated slices.
    static func volume(
        image: String, _ options: ImageOptions, labels: String, ignoringPlace: Bool, meaning: LabelMeaning,
        classes: [String]
    ) throws -> TrainingVolume {
        let source = try options.open(image)
        let sparse = try self.labels(
            labels, on: source.header, ignoringPlace: ignoringPlace, meaning: meaning, classes: classes)
        let slices = try reading(labels) { try SliceSplitter.slices(of: sparse) }
        guard !slices.isEmpty else { throw CommandError("\(labels) has no annotated voxel: all are 255 (unlabeled)") }
        return TrainingVolume(
            name: image, image: source, statistics: try ChannelStatistics.measure(source), slices: slices, heldOut: [])
    }

    /// A label file of any number type as class indices, 255 for unlabeled voxels, in the order of voxels of the grid
    /// that it belongs to.
    static func labels(
        _ path: String, on grid: VolumeHeader? = nil, ignoringPlace: Bool = false, meaning: LabelMeaning,
        classes: [String]
    ) throws -> any VoxelSource {
        var hints = VolumeHints(dataset: meaning.labelDataset)
        hints.areLabels = true
        let file = try VolumeFile(path).open(hints)
        return try reading(path) {
            let grid = grid ?? file.header
            let labels = try LabelVolume(file)
            guard let placed = try labels.source.placed(on: grid, ignoringPlace: ignoringPlace) else {
                throw CommandError(
                    "\(path) has \(file.header.extent.text) voxels (z×y×x), the volume \(grid.extent.text), and it is no "
                        + "part of its grid by a place in its file")
            }
            let source = try placed.labels(
                try meaning.mapping(of: labels.kind, classes), scratch: FileManager.default.temporaryDirectory)
            try meaning.check(source, path, classes: classes, outside: placed.outside)
            if placed.outside > 0 {
                note(
                    "\(path) is a part of the volume; the \(placed.outside.counting("voxel")) outside of it \(placed.outside == 1 ? "is" : "are") unlabeled"
                )
            }
            return source
        }
    }

    /// Runs the body and puts the file's name in front of its errors.
    static func reading<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as VolumeError {
            let advice =
                if case .misplaced = error { "; --ignore-place takes voxel for voxel as they are stored" } else { "" }
            throw CommandError("\(path): \(error)\(advice)")
        }
    }

    /// Class names for every index that the labels use.
    static func classes(named names: [String], in volumes: [TrainingVolume]) throws -> [String] {
        let highest = volumes.flatMap(\.slices).flatMap(\.values).filter { $0 != AnnotatedSlice.unlabeled }.max() ?? 0
        let count = Int(highest) + 1
        guard names.isEmpty || names.count >= count else {
            throw CommandError("the labels use class \(highest); --classes names \(names.count), not at least \(count)")
        }
        return names.isEmpty ? (0..<max(count, 2)).map { "class\($0)" } : names
    }

    /// A preset by its name, a JSON object, or the content of a JSON file.
    static func recipe(_ text: String) throws -> Recipe { try Recipe(recipeValue(text)) }

    /// A recipe's JSON, not validated; a preset's name has precedence over a file of that name.
    static func recipeValue(_ text: String) throws -> JSONValue {
        if text.hasPrefix("{") { return try json(Data(text.utf8), named: "recipe") }
        guard Preset(rawValue: text) == nil else { return .string(text) }
        let file = URL(filePath: text)
        guard FileManager.default.fileExists(atPath: file.path) else {
            let presets = Preset.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandError("\(text): is neither a preset (\(presets)), nor a JSON object, nor an existing file")
        }
        guard !file.isFolder else {
            throw CommandError("\(text): is a folder; a recipe must be a preset's name, JSON or a JSON file")
        }
        return try json(Data(contentsOf: file), named: text)
    }

    /// Parses JSON; `name` is for the error message.
    private static func json(_ data: Data, named name: String) throws(CommandError) -> JSONValue {
        do {
            return try JSONValue(json: data)
        } catch {
            throw CommandError("\(name): is not JSON")
        }
    }

    /// The recipe that a model was trained with; the default for its weights if the file has none.
    static func recipe(storedWith model: Checkpoint) throws -> Recipe {
        guard let json = model.metadata["recipe"] else { return Recipe(forWeights: model) }
        return try Recipe(stored: Data(json.utf8))
    }

    static func model(_ path: String) throws -> Checkpoint {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError("\(path): there is no such file")
        }
        do {
            return try Checkpoint(data)
        } catch {
            throw CommandError("\(path): \(error)")
        }
    }
}

extension Extent {
    var text: String { "\(z)×\(y)×\(x)" }
}
