internal import Foundation
internal import GRDB
internal import Volumes

extension Store {
    /// Stores the prediction of a volume by a model in place of an earlier one; takes over both grids as `putVolume`
    /// does.
    ///
    /// Both grids have the volume's extent; `labels` is one channel of uint8, `probability` has one of uint16 for each
    /// of the model's classes. `image` is the grid it was computed from: a conflict if the volume now has another.
    package func putPrediction(
        volume: Int64, model: Int64, labels: VoxelGridID, probability: VoxelGridID, image: VoxelGridID? = nil
    ) async throws -> PredictionRecord {
        let record: PredictionRecord
        do {
            record = try await write { database in
                let target = try VolumeRecord.fetch(database, id: volume)
                let source = try ModelRecord.fetch(database, id: model)
                if let image, image != target.image {
                    throw StoreError.conflict("the image of volume \"\(target.name)\" was replaced in the meantime")
                }
                let shapes: [(VoxelGridID, ElementType, Int)] = [
                    (labels, .uint8, 1), (probability, .uint16, source.classes.count),
                ]
                for (grid, element, channels) in shapes {
                    let header = try Self.freeGrid(database, grid)
                    guard header.extent == target.header.extent, header.element == element,
                        header.channels == channels
                    else {
                        throw StoreError.constraint(
                            "a prediction of volume \"\(target.name)\" has \(channels) channels of "
                                + "\(element.rawValue) and \(target.header.extent.words) voxels")
                    }
                }
                try database.execute(
                    sql: "DELETE FROM prediction WHERE volume = ? AND model = ?", arguments: [volume, model])
                try database.execute(
                    sql: "INSERT INTO prediction (volume, model, labels, probability, created) VALUES (?, ?, ?, ?, ?)",
                    arguments: [volume, model, labels.rawValue, probability.rawValue, Date()])
                return try Self.predictions(database, volume: volume, model: model)[0]
            }
        } catch {
            dropLater([labels, probability])
            throw error
        }
        levelBell.ring()
        await sweep()
        return record
    }

    /// The prediction by a model, by default the newest finished one that predicted the volume; `notFound` if there is
    /// none.
    package func prediction(volume: Int64, model: Int64? = nil) async throws -> PredictionRecord {
        try await read { database in
            let all = try Self.predictions(database, volume: volume, model: model)
            guard let prediction = all.first(where: { model != nil || $0.isFinished }) else {
                throw StoreError.notFound("prediction of this volume" + (model == nil ? "" : " by this model"))
            }
            return prediction
        }
    }

    /// Newest model first.
    package func predictions(volume: Int64) async throws -> [PredictionRecord] {
        try await read { try Self.predictions($0, volume: volume) }
    }

    private static func predictions(
        _ database: Database, volume: Int64, model: Int64? = nil
    ) throws -> [PredictionRecord] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT prediction.*, model.name AS model_name,
                    coalesce(job.state, 'succeeded') = 'succeeded' AS finished
                FROM prediction JOIN model ON model.id = prediction.model LEFT JOIN job ON job.id = model.job
                WHERE prediction.volume = ? AND model.id = coalesce(?, model.id) ORDER BY model.id DESC
                """, arguments: [volume, model]
        ).map {
            PredictionRecord(
                id: $0["id"], volume: $0["volume"], model: $0["model"], modelName: $0["model_name"],
                isFinished: $0["finished"], labels: VoxelGridID($0["labels"]),
                probability: VoxelGridID($0["probability"]), created: $0["created"])
        }
    }
}
