extension Store {
    /// Stores what a model says of a volume, in place of what it said before, taking over both grids as `putVolume` does.
    ///
    /// `image` is the grid it was computed from: if the volume has another one by now it is a conflict.
    package func putPrediction(
        volume: Int64, model: Int64, labels: GridID, probability: GridID, image: GridID? = nil
    ) async throws -> PredictionRecord { throw StoreError.failed("unfinished") }

    /// The prediction by a model, or by the newest one that has predicted the volume; `notFound` if there is none.
    package func prediction(volume: Int64, model: Int64? = nil) async throws -> PredictionRecord {
        throw StoreError.failed("unfinished")
    }

    /// Newest model first.
    package func predictions(volume: Int64) async throws -> [PredictionRecord] {
        throw StoreError.failed("unfinished")
    }
}
