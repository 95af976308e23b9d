package import Foundation
package import Network
internal import Store
internal import Tensors
internal import Training
internal import Volumes

/// Where a worker gets what units name by its SHA-256.
package protocol WorkSource: Sendable {
    /// A file that holds it.
    func file(_ content: WorkUnit.Content) async throws -> URL
    func data(_ content: WorkUnit.Content) async throws -> Data
}

/// Computes units on a worker's machine, by the code with which a server computes its own.
package struct UnitRunner: Sendable {
    private let computer: LocalComputer

    /// `threads` is `nil` for one per core; `niceness`, 0 to 19, is added to the process's own.
    ///
    /// `join` is called on the computing thread, and gives the processes to train with, if there are others.
    package init(
        threads: Int?, niceness: Int = 0, join: @escaping @Sendable () throws -> (any RankGroup)? = { nil }
    ) {
        let thread = ComputeThread(name: "trainer", niceness: niceness)
        let compute = Compute(on: thread) { () throws -> any ComputeEngine in
            let engine = try Engine(threads: threads)
            guard let ranks = try join() else { return engine }
            return RankEngine(engine, ranks)
        }
        computer = LocalComputer(compute: compute, timings: StepTimings())
    }

    /// Does something with the other processes, on the computing thread; `nil` if there are none.
    package func together<Value: Sendable>(
        _ body: @Sendable (any RankGroup) throws -> Value
    ) async throws -> Value? {
        try await computer.compute.perform { engine in try engine.ranks.map { try body($0) } }
    }

    /// Computes a unit until it is done or the context says stop.
    ///
    /// `send` takes the parts of a prediction on the computing thread, one after the other. What would fail elsewhere,
    /// too, is a result; other errors are thrown. All ranks must train the same unit at once.
    package func run(
        _ unit: WorkUnit, from source: some WorkSource, context: some UnitContext,
        send: @escaping @Sendable (PredictedPart) throws -> Void
    ) async throws -> WorkResult {
        do {
            return switch unit.kind {
            case .train: try await train(unit, source, context)
            case .predict: try await predict(unit, source, context, send)
            case .trial: try await trial(unit, source, context)
            }
        } catch let error where Self.isOfTheUnit(error) {
            return WorkResult(number: unit.number, .failed, error: FailureMessage.of(error))
        }
    }

    /// Gives back the memory that is kept for the next tile of a prediction.
    package func rest() async { await computer.compute.rest() }

    private func train(
        _ unit: WorkUnit, _ source: some WorkSource, _ context: some UnitContext
    ) async throws -> WorkResult {
        let training: TrainingUnit
        do {
            training = try await Self.training(unit, source)
        } catch {
            _ = try await together { $0.all(false) }
            throw error
        }
        // None begins before all can.
        guard try await together({ $0.all(true) }) != false else { throw RankError.unready }
        var outcome = try await computer.train(training, context: context)
        // Nothing goes on from a training that is done.
        if !outcome.isStopped { outcome.checkpoint = try outcome.checkpoint.weightsOnly() }
        return WorkResult(number: unit.number, outcome)
    }

    private static func training(_ unit: WorkUnit, _ source: some WorkSource) async throws -> TrainingUnit {
        var volumes: [TrainingVolume] = []
        for volume in unit.volumes {
            var slices = try await self.slices(of: volume, source)
            let heldOut = Array(slices[volume.slices.count...])
            slices.removeLast(heldOut.count)
            volumes.append(
                TrainingVolume(
                    name: volume.name,
                    image: try openRawVolume(at: try await source.file(volume.image), header: volume.header),
                    statistics: volume.statistics, slices: slices, heldOut: heldOut))
        }
        return TrainingUnit(
            volumes: volumes, classes: unit.classes ?? [], recipe: unit.recipe, budget: unit.budget ?? Budget(),
            start: try await checkpoint(unit.start, source), resume: try await checkpoint(unit.resume, source),
            interval: unit.interval ?? 15)
    }

    private func trial(
        _ unit: WorkUnit, _ source: some WorkSource, _ context: some UnitContext
    ) async throws -> WorkResult {
        guard let trial = unit.trial, let tileMemory = unit.tileMemory else {
            throw JobError.malformed("a trial needs its description and the memory of a tile")
        }
        var volumes: [ExperimentVolume] = []
        for volume in unit.volumes {
            var truth: (any VoxelSource)?
            if let known = volume.truth {
                truth = try openRawVolume(at: try await source.file(known.voxels), header: known.header)
            }
            volumes.append(
                ExperimentVolume(
                    name: volume.name,
                    image: try openRawVolume(at: try await source.file(volume.image), header: volume.header),
                    statistics: volume.statistics, slices: try await Self.slices(of: volume, source), truth: truth))
        }
        let unitOfTrial = TrialUnit(
            trial: trial, volumes: volumes, classes: unit.classes ?? [], tileMemory: tileMemory,
            resume: try await Self.checkpoint(unit.resume, source), interval: unit.interval ?? 15)
        return WorkResult(number: unit.number, try await computer.trial(unitOfTrial, context: context))
    }

    private func predict(
        _ unit: WorkUnit, _ source: some WorkSource, _ context: some UnitContext,
        _ send: @escaping @Sendable (PredictedPart) throws -> Void
    ) async throws -> WorkResult {
        guard let volume = unit.volumes.first, let weights = unit.weights, let tileMemory = unit.tileMemory else {
            throw JobError.malformed("a prediction needs a volume, weights and the memory of a tile")
        }
        let image: any VoxelSource =
            if let part = volume.part {
                try VolumePart(part, of: volume.header, bytes: [UInt8](try await source.data(volume.image)))
            } else {
                try openRawVolume(at: try await source.file(volume.image), header: volume.header)
            }
        let whole = Box(extent: volume.header.extent)
        let prediction = PredictionUnit(
            volume: volume.name, image: image,
            statistics: volume.statistics, weights: try await source.data(weights), recipe: unit.recipe,
            tileMemory: tileMemory,
            tile: unit.tile.map { PredictedTile(core: $0, source: volume.part ?? whole) })
        let number = unit.number
        let isWhole = try await computer.compute.predict(
            prediction,
            progress: { part in
                var progress = JobProgress(phase: .predicting)
                progress.fraction = part
                context.report(progress)
                return context.verdict
            },
            sink: { box, labels, probabilities in
                for part in PredictedPart.parts(number: number, box, labels, probabilities) { try send(part) }
            })
        return WorkResult(number: unit.number, isWhole: isWhole)
    }

    /// The slices to learn from, then those held out.
    private static func slices(of volume: WorkUnit.Volume, _ source: some WorkSource) async throws -> [AnnotatedSlice] {
        let positions = volume.slices + volume.heldOut
        guard let content = volume.labels else { return [] }
        let values = [UInt8](try await source.data(content))
        var start = 0
        return try positions.map { position in
            let end = start + position.voxels(in: volume.header.extent)
            guard end <= values.count else { throw JobError.malformed("the labels are shorter than their slices") }
            defer { start = end }
            return AnnotatedSlice(at: position, values: Array(values[start..<end]))
        }
    }

    private static func checkpoint(
        _ content: WorkUnit.Content?, _ source: some WorkSource
    ) async throws -> Checkpoint? {
        guard let content else { return nil }
        return try Checkpoint(try await source.data(content))
    }

    /// Whether an error has its reason in the unit, not in this machine or the network.
    private static func isOfTheUnit(_ error: any Error) -> Bool {
        switch error {
        case VolumeError.io, VolumeError.full: false
        case is JobError, is TrainingError, is NetworkError, is EngineError, is VolumeError: true
        default: false
        }
    }
}
