internal import Foundation
package import HTTP
package import Jobs
package import Logging
package import Store

/// The HTTP interface of Slicewise, on top of the store and the jobs; `Documentation/API.md` describes it.
package struct API: Sendable {
    let store: Store
    let jobs: JobQueue
    let predictions: PredictionService
    let settings: APISettings
    /// Uploads and downloads of whole volumes.
    let work: BlockingWork
    /// Single slices, which must not wait for those.
    let drawing: BlockingWork
    let exports: ExportCache
    let pictures = PictureCache(limit: 64 << 20)
    let metrics: ServerMetrics
    private let logger: Logger

    /// Files that come and go lie in folders beside the database; those of an earlier run are removed, for a crash or a
    /// loss of power may have left them half written.
    ///
    /// `metrics` is what the server counts, for /metrics.
    package init(
        store: Store, jobs: JobQueue, predictions: PredictionService, settings: APISettings = APISettings(),
        metrics: ServerMetrics = ServerMetrics(),
        logger: Logger = Logger(label: "slicewise")
    ) {
        self.store = store
        self.jobs = jobs
        self.predictions = predictions
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
        work = BlockingWork(width: settings.workers)
        drawing = BlockingWork(width: settings.workers)
        let downloads = store.folder.appending(path: "exports")
        exports = ExportCache(folder: downloads, limit: settings.exportLimit, work: work)
        UploadedFile.removeLeftovers(in: uploads)
        try? FileManager.default.removeItem(at: scratch)
        try? FileManager.default.removeItem(at: downloads)
    }

    /// Adds every route, and the translation of the layers' errors into answers.
    package func register(on router: inout Router) {
        let all = endpoints + [IndexPage.document(of: endpoints)]
        let access = Access(all, store: store, settings: settings)
        let trail = AuditTrail(store: store, logger: logger)
        router.group(
            gate: access.admit, errors: ErrorMapping.of, isStrict: true,
            around: [access.cutRevoked, trail.noteChange, Compression.pack]
        ) { group in
            for endpoint in all {
                group.on(
                    endpoint.method, endpoint.path, query: Set(endpoint.query.map(\.name)), body: endpoint.policy,
                    endpoint.answer)
            }
        }
        router.crossOrigin = CrossOrigin(allowed: settings.allowedOrigins)
    }

    /// Every call but the one for the description of them all.
    var endpoints: [Endpoint] {
        IndexPage(api: self).endpoints + MetricsRoutes(api: self).endpoints + AuditRoutes(api: self).endpoints
            + ProjectRoutes(api: self).endpoints + VolumeRoutes(api: self).endpoints
            + TruthRoutes(api: self).endpoints + PictureRoutes(api: self).endpoints
            + AnnotationRoutes(api: self).endpoints + RevisionRoutes(api: self).endpoints
            + LabelVolumeRoutes(api: self).endpoints + PredictionRoutes(api: self).endpoints
            + PredictedSliceRoutes(api: self).endpoints + ReportRoutes(api: self).endpoints
            + SuggestionRoutes(api: self).endpoints
            + JobRoutes(api: self).endpoints + ModelRoutes(api: self).endpoints + WeightRoutes(api: self).endpoints
    }
}
