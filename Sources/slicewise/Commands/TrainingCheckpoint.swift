internal import Foundation
internal import Network
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

    /// Throws if a checkpoint is that of another training.
    func check(_ checkpoint: Checkpoint, fits trainer: Trainer, _ budget: Budget, classes: [String]) throws {
        var stored = checkpoint.metadata["recipe"].flatMap { try? Recipe(stored: Data($0.utf8)) }
        // A trainer that goes on has the architecture in the checkpoint's words.
        stored?.adopt(checkpoint)
        let names = checkpoint.metadata["classes"].flatMap {
            try? JSONDecoder().decode([String].self, from: Data($0.utf8))
        }
        guard stored == trainer.recipe, trainer.plannedBudget == budget, names == classes else {
            throw CommandError(
                "\(path) is the checkpoint of another training: its recipe, budget or classes are others. Name another file, or "
                    + "delete it to begin anew")
        }
    }

    /// Replaces the file; a crash leaves the old one.
    func write(_ checkpoint: Checkpoint) throws { try checkpoint.write(to: URL(filePath: path)) }

    /// Removes the file once the training has ended.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
