internal import Store
package import Training
package import Volumes

extension JobRunner {
    /// How good the stored prediction of a volume is; by the newest model that predicted it if none is named.
    ///
    /// Current slices are divided as the model knew them; slices annotated since count as held out.
    ///
    /// - Throws: `StoreError.notFound` for an unknown project, volume or model, or where nothing is predicted.
    package func report(project name: String, volume: String, model: String? = nil) async throws -> Report {
        let project = try await store.project(named: name)
        let record = try await store.volume(project: project.id, name: volume)
        let maker: ModelRecord
        if let model {
            maker = try await store.model(project: project.id, name: model)
        } else {
            maker = try await store.model(id: store.prediction(volume: record.id).model)
        }
        return try await reports.report(volume: record.id, model: maker)
    }

    /// The prediction of a part of a volume, computed now, by the newest fitting model if none is named.
    ///
    /// One at a time, beside a running job; stops when the task is cancelled.
    ///
    /// - Throws: `StoreError.notFound`; `JobError.invalid` for a box outside of the volume or a model that doesn't fit.
    package func predictBox(
        project name: String, volume: String, model: String? = nil, box: Box
    ) async throws -> RegionPrediction {
        let project = try await store.project(named: name)
        let record = try await store.volume(project: project.id, name: volume)
        let channels = record.header.channels
        let maker: ModelRecord
        if let model {
            maker = try await store.model(project: project.id, name: model)
            guard maker.takes(channels: channels) else {
                throw JobError.invalid(
                    field: "model", detail: "the model \"\(model)\" does not take volumes of \(channels) channels")
            }
        } else {
            let models = try await store.models(project: project.id)
            guard let newest = models.first(where: { $0.takes(channels: channels) }) else {
                throw StoreError.notFound("model for the volume \"\(volume)\" yet; a training makes one")
            }
            maker = newest
        }
        guard !box.isEmpty, Box(extent: record.header.extent).contains(box) else {
            throw JobError.invalid(field: "box", detail: "lies outside of the volume \"\(volume)\"")
        }
        return try await boxes.predict(box, of: record, with: maker)
    }
}
