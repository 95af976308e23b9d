internal import Store
internal import Training

/// Reports the progress of predicting several volumes, as a part of the voxels of all of them.
struct PredictionMeter: Sendable {
    private let offsets: [Int]
    private let voxels: [Int]
    private let progress: JobProgress
    private let context: JobContext
    private let start = ContinuousClock.now

    init(voxels: [Int], progress: JobProgress, context: JobContext) {
        self.voxels = voxels
        offsets = voxels.indices.map { voxels[..<$0].reduce(0, +) }
        self.progress = progress
        self.context = context
    }

    /// Reports the part of one volume that is done; returns whether to continue.
    func report(_ place: Int, _ volume: String, _ part: Double) -> Verdict {
        let total = max(voxels.reduce(0, +), 1)
        let fraction = min((Double(offsets[place]) + part * Double(voxels[place])) / Double(total), 1)
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        var now = progress
        now.phase = .predicting
        now.volume = volume
        now.fraction = fraction
        now.seconds += elapsed
        now.eta = fraction > 0.01 ? elapsed / fraction * (1 - fraction) : nil
        now.rate = fraction > 0 && elapsed > 0 ? fraction * Double(total) / elapsed : nil
        context.report(now)
        return context.verdict
    }
}
