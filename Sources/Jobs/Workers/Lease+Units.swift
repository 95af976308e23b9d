internal import Foundation
internal import Network
internal import Store
internal import Synchronization
internal import Training
internal import Volumes

/// What the job wants of the worker.
extension Lease {
    func train(_ unit: TrainingUnit, context: some UnitContext) async throws -> TrainingOutcome {
        var contents = WorkContents()
        var volumes: [WorkUnit.Volume] = []
        for (volume, grid) in zip(unit.volumes, unit.images) {
            let digest = try await clerk.digest(of: grid, volume.image)
            let labels = (volume.slices + volume.heldOut).reduce(into: Data()) { $0.append(contentsOf: $1.values) }
            volumes.append(
                WorkUnit.Volume(
                    name: volume.name, header: volume.image.header, statistics: volume.statistics,
                    image: contents.add(volume.image, digest: digest), slices: volume.slices.map(\.position),
                    heldOut: volume.heldOut.map(\.position), labels: contents.add(labels)))
        }
        var work = WorkUnit(
            number: nextNumber(), kind: .train, volumes: volumes, recipe: unit.recipe, classes: unit.classes,
            budget: unit.budget, interval: unit.interval)
        work.start = unit.start.map { contents.add($0.encoded) }
        work.resume = unit.resume.map { contents.add($0.encoded, isKept: false) }
        let result = try await offer(
            work, contents,
            note: { report in
                if let progress = report.progress { context.report(progress) }
                context.add(curve: report.curve)
                return context.verdict == .stop
            }, keep: { try context.keep(Checkpoint($0)) })
        if let outcome = result.outcome { return outcome }
        guard result.head.ending != .returned else { throw LeaseEnd.orderly }
        throw JobError.failed("the worker sent no model")
    }

    func trial(_ unit: TrialUnit, context: some UnitContext) async throws -> TrialRun.Ending {
        var contents = WorkContents()
        var volumes: [WorkUnit.Volume] = []
        for (volume, grids) in zip(unit.volumes, unit.grids) {
            let labels = volume.slices.reduce(into: Data()) { $0.append(contentsOf: $1.values) }
            var sent = WorkUnit.Volume(
                name: volume.name, header: volume.image.header, statistics: volume.statistics,
                image: contents.add(volume.image, digest: try await clerk.digest(of: grids.image, volume.image)),
                slices: volume.slices.map(\.position), labels: contents.add(labels))
            if let truth = volume.truth, let grid = grids.truth {
                let digest = try await clerk.digest(of: grid, truth)
                sent.truth = WorkUnit.Truth(header: truth.header, voxels: contents.add(truth, digest: digest))
            }
            volumes.append(sent)
        }
        var work = WorkUnit(
            number: nextNumber(), kind: .trial, volumes: volumes, recipe: unit.trial.recipe, classes: unit.classes,
            interval: unit.interval)
        work.trial = unit.trial
        work.tileMemory = unit.tileMemory
        work.resume = unit.resume.map { contents.add($0.encoded, isKept: false) }
        let result = try await offer(
            work, contents,
            note: { report in
                if let progress = report.progress { context.report(progress) }
                return context.verdict == .stop
            }, keep: { try context.keep(Checkpoint($0)) })
        if let trial = result.head.trial { return .done(trial) }
        guard context.verdict == .stop else { throw JobError.failed("the worker sent no result of its run") }
        return .stopped(result.checkpoint)
    }

    func predict(
        _ unit: PredictionUnit, into grids: PredictionGrids, progress: @escaping @Sendable (Double) -> Verdict
    ) async throws -> Bool {
        var contents = WorkContents()
        guard let grid = unit.grid else { throw StoreError.failed("a unit without voxels") }
        let image: WorkUnit.Content
        if let box = unit.tile?.source {
            let part = unit.image.part(box)
            let digest = try await clerk.perform { try WorkContents.digest(of: part) }
            image = contents.add(part, digest: digest, isKept: false)
        } else {
            image = contents.add(unit.image, digest: try await clerk.digest(of: grid, unit.image))
        }
        var volume = WorkUnit.Volume(
            name: unit.volume, header: unit.image.header, statistics: unit.statistics, image: image)
        volume.part = unit.tile?.source
        var work = WorkUnit(number: nextNumber(), kind: .predict, volumes: [volume], recipe: unit.recipe)
        work.weights = contents.add(unit.weights)
        work.tileMemory = unit.tileMemory
        work.tile = unit.tile?.core
        let result = try await offer(
            work, contents, grids, note: { progress($0.progress?.fraction ?? 0) == .stop })
        guard result.head.isWhole else { return false }
        let come = state.withLock { $0.parts.reduce(0) { $0 + $1.extent.voxels } }
        guard come == unit.voxels else {
            throw JobError.failed("the worker sent \(come) of the \(unit.voxels) voxels of its prediction")
        }
        return true
    }

    func finish(_ grids: PredictionGrids) async throws -> PredictionGrids.Finished {
        try await clerk.perform { try grids.finish() }
    }
}
