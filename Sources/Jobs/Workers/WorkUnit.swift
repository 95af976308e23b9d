internal import JSON
package import Store
internal import Training
internal import Volumes

/// A unit of work as it travels to a worker: a training, the prediction of a volume, or a trial of an experiment.
///
/// What is large in it is named by its SHA-256, by which workers fetch and keep it.
package struct WorkUnit: Codable, Sendable {
    package enum Kind: String, Codable, Sendable { case train, predict, trial }

    /// Bytes that the worker fetches piece by piece.
    package struct Content: Codable, Hashable, Sendable {
        /// SHA-256 in hexadecimal digits.
        package var digest: String
        package var bytes: Int
        package var pieces: Int
        /// Whether another unit may need it, too.
        package var isKept: Bool
    }

    struct Volume: Codable, Sendable {
        var name: String
        var header: VolumeHeader
        var statistics: [ChannelStatistics]
        /// C×Z×Y×X voxels.
        var image: Content
        /// The only box whose voxels `image` has, as a tile needs no others; `nil` if it has all.
        var part: Box?
        var slices: [SlicePosition] = []
        var heldOut: [SlicePosition] = []
        /// The values of the slices, then of those held out, one after the other.
        var labels: Content?
        /// Of a trial: the class of every voxel, if it is scored on it.
        var truth: Truth?
    }

    struct Truth: Codable, Sendable {
        var header: VolumeHeader
        var voxels: Content
    }

    /// Of the units of one lease, from 1 on; a result names it.
    package var number: Int
    package var kind: Kind
    var volumes: [Volume]
    var recipe: Recipe
    /// Of a trial: what it trains and scores.
    var trial: Trial?
    /// Of a training or trial: the names of the classes, the budget and seconds between checkpoints.
    var classes: [String]?
    var budget: Budget?
    var interval: Double?
    /// Of a training or trial: the model to start from, or the checkpoint to go on from.
    var start: Content?
    var resume: Content?
    /// Of a prediction: the weights; of a trial as well: the most bytes of a tile.
    var weights: Content?
    var tileMemory: Int?
    /// Of a prediction: the box of the only tile that is wanted; `nil` for the whole volume.
    var tile: Box?

    /// The unit as JSON.
    package func text() throws -> String { try JSONText.encode(self, nonFinite: .strings) }

    /// Reads what `text` gives.
    package init(text: String) throws { self = try JSONText.decode(from: text, nonFinite: .strings) }

    init(
        number: Int, kind: Kind, volumes: [Volume], recipe: Recipe, classes: [String]? = nil, budget: Budget? = nil,
        interval: Double? = nil
    ) {
        self.number = number
        self.kind = kind
        self.volumes = volumes
        self.recipe = recipe
        self.classes = classes
        self.budget = budget
        self.interval = interval
    }
}

/// What a worker tells while it computes.
package struct WorkReport: Codable, Sendable {
    package var progress: JobProgress?
    package var curve: [CurvePointRecord]
    /// Lines for the job's log.
    package var log: [String]?

    package init(progress: JobProgress? = nil, curve: [CurvePointRecord] = [], log: [String]? = nil) {
        self.progress = progress
        self.curve = curve
        self.log = log
    }
}
