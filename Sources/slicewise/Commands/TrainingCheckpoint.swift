internal import Foundation
internal import Network
internal import Text
internal import Training

/// The file in which `slicewise train` keeps what is learned, to go on after an interruption.
struct TrainingCheckpoint {
    private let path: String

    init(_ path: String) { self.path = path }

    /// What an interrupted training kept; nil if there is no such file.
    func read() throws -> Checkpoint? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let checkpoint = try FileTraining.model(path)
        guard !checkpoint.randomState.isEmpty else {
            throw CommandError("\(path) is a model, not what an interrupted training kept: name another file")
        }
        return checkpoint
    }

    /// Throws if a checkpoint has learned from anything else; `images` and `labels` are the files.
    func check(
        _ checkpoint: Checkpoint, learnedFrom data: TrainingData, images: [String], labels: [String]
    ) throws {
        guard let earlier = checkpoint.metadata[Trainer.dataKey].flatMap(TrainingData.init(text:)) else {
            throw CommandError(
                "\(path) does not say what it has learned from, as an earlier version wrote it: go on with that version, name "
                    + "another file, or delete it to begin anew")
        }
        try refuse(because: data.differences(from: earlier, images: images, labels: labels))
    }

    /// Throws if a checkpoint is that of a training with another budget or other classes.
    func check(_ checkpoint: Checkpoint, fits trainer: Trainer, _ budget: Budget, classes: [String]) throws {
        let names = checkpoint.metadata["classes"].flatMap {
            try? JSONDecoder().decode([String].self, from: Data($0.utf8))
        }
        let planned = trainer.plannedBudget
        let limits = [planned.steps.map { $0.counting("step") }, planned.seconds.map { "\($0) seconds" }]
        try refuse(
            because: [
                planned == budget ? nil : "its budget is \(limits.compactMap(\.self).joined(separator: " and "))",
                names == classes ? nil : "its classes are \(names?.joined(separator: ", ") ?? "others")",
            ].compactMap(\.self))
    }

    private func refuse(because reasons: [String]) throws {
        guard !reasons.isEmpty else { return }
        throw CommandError(
            "\(path) is the checkpoint of another training: \(reasons.joined(separator: "; ")). Give what it began with to go on, "
                + "name another file, or delete it to begin anew")
    }

    /// Replaces the file; a crash leaves the old one.
    func write(_ checkpoint: Checkpoint) throws { try checkpoint.write(to: URL(filePath: path)) }

    /// Removes the file once the training has ended.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
