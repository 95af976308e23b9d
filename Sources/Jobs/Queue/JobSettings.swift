package import Network
internal import Tensors

/// Threads, memory and intervals of jobs.
package struct JobSettings: Sendable {
    /// Threads that train and predict; `nil` for one per core.
    package var threads: Int?
    /// Threads that compute single slices on demand.
    package var sliceThreads = 1
    /// The most bytes for the activations of a tile, the largest part of a prediction's memory.
    package var tileMemory = SystemResources.forTiles
    /// Added to the niceness of every computing thread; 0 to 19.
    package var niceness = 0
    /// Seconds between checkpoints of a training.
    package var checkpointInterval = 15.0
    /// The shortest time between two stored progress reports.
    package var progressInterval = Duration.milliseconds(500)
    /// The delay between two attempts to start a job, or to store how it ended, while the disk is full.
    package var retryInterval = Duration.seconds(5)
    /// Whether the process computes jobs itself, besides the workers that ask it for some.
    package var computesJobs = true
    /// Whether helpers come for the tiles of a prediction once these wait.
    package var tilesHaveHelpers = false
    /// Seconds after which a job is taken from a worker that was not heard of.
    package var leaseSeconds = 60.0
    /// What starts the processes of a training that has several.
    package var rankLauncher = RankLauncher.none
    /// Makes the engine that trains and predicts, with so many threads.
    package var makeEngine: @Sendable (_ threads: Int?) throws -> any ComputeEngine = { try Engine(threads: $0) }

    package init() {}

    /// Bytes of memory that a job may need; `nil` if it is computed on machines whose memory is not known.
    var memory: Int? { computesJobs ? SystemResources.inMemory : nil }
}
