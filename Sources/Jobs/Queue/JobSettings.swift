/// How jobs use the machine.
package struct JobSettings: Sendable {
    /// Threads that train and predict; `nil` for one per core.
    package var threads: Int?
    /// Threads that compute single slices on demand.
    package var sliceThreads = 1
    /// The most that a prediction takes for the activations of a tile, in bytes: what makes the most of a server's memory.
    package var tileMemory = 960 << 20
    /// Added to the niceness of every computing thread; 0 to 19.
    package var niceness = 10
    /// Seconds between checkpoints of a training.
    package var checkpointInterval = 15.0
    /// Shortest time between two progress reports in the database.
    package var progressInterval = Duration.milliseconds(500)
    /// Between two attempts to begin a job, or to store how one ended, while the disk is full.
    package var roomInterval = Duration.seconds(5)

    package init() {}
}
