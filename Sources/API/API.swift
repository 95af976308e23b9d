internal import Foundation
package import HTTP
package import Jobs
package import Logging
package import Store

/// The HTTP interface of Slicewise, on top of the store and the job queue; `Documentation/API.md` describes it.
package struct API: Sendable {
    let store: Store
    let jobs: JobQueue
    let predictions: PredictionService
    let settings: APISettings
    /// Uploads and downloads of whole volumes.
    let work: BlockingWork
    /// What waits for other servers, which must not keep uploads waiting.
    let fetching: BlockingWork
    /// Single slices, which must not wait for whole volumes.
    let drawing: BlockingWork
    let exports: ExportCache
    let pictures = PictureCache(limit: 64 << 20)
    let zarrLevels: ZarrLevels
    let backups: BackupMaker
    let metrics: ServerMetrics
    let tokens: TokenCheck
    private let logger: Logger

    /// Temporary files lie in folders beside the database; those of an earlier run are removed, since a crash or a
    /// power loss may have left them half written.
    ///
    /// `metrics` are the server's own counters for /metrics.
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
        zarrLevels = ZarrLevels(store: store)
        backups = BackupMaker(store: store, folder: store.folder.appending(path: "scratch"))
        tokens = TokenCheck(store)
        work = BlockingWork(width: settings.workers)
        fetching = BlockingWork(width: 2)
        drawing = BlockingWork(width: settings.workers)
        let downloads = store.folder.appending(path: "exports")
        exports = ExportCache(folder: downloads, limit: settings.exportLimit, work: work)
        store.onFullDisk { [exports] in exports.giveUp() }
        UploadedFile.removeLeftovers(in: uploads)
        try? FileManager.default.removeItem(at: scratch)
        try? FileManager.default.removeItem(at: downloads)
    }

    /// Adds all routes, and translates the errors of the layers below into answers.
    package func register(on router: inout Router) {
        let all = endpoints + DescriptionRoutes.endpoints(with: endpoints) + Workbench.files
        let access = Access(all, store: store, tokens: tokens, settings: settings)
        let destination = Destination(store: store)
        let trail = AuditTrail(store: store, logger: logger)
        router.group(
            gate: { head in
                try access.admit(&head)
                try await destination.admit(&head)
            }, errors: ErrorMapping.of, isStrict: true,
            around: [
                access.cutRevoked, Compression.pack, Self.endLine, Idempotency(store: store).answerOnce,
                trail.noteChange,
            ]
        ) { group in
            for endpoint in all {
                group.on(
                    endpoint.method, endpoint.pattern, query: endpoint.queryRules, body: endpoint.policy,
                    endpoint.heedingConditions)
            }
        }
        router.use(ErrorPage.show)
        router.use(MONAIRefusal.explain)
        // Viewers of any site may read what a link opens: the link is all they need.
        router.crossOrigin = CrossOrigin(allowed: settings.allowedOrigins, open: ShareRoutes.opened)
        router.secretPrefix = Store.tokenPrefix
    }

    /// Has every answer of text end with a line end.
    @Sendable private static func endLine(
        _ request: Request, _ next: @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request)
        response.endLine()
        return response
    }

    /// All calls except `/openapi.json` and `/docs`, which describe them, and the files of the page.
    var endpoints: [Endpoint] {
        [Workbench.page] + StartPage(api: self).endpoints + MetricsRoutes(api: self).endpoints
            + AuditRoutes(api: self).endpoints + BackupRoutes(api: self).endpoints + IdentityRoutes.endpoints
            + ProjectRoutes(api: self).endpoints + VolumeRoutes(api: self).endpoints
            + TruthRoutes(api: self).endpoints + PictureRoutes(api: self).endpoints + BrickRoutes(api: self).endpoints
            + OMEZarrRoutes(api: self).endpoints + ShareRoutes(api: self).endpoints
            + AnnotationRoutes(api: self).endpoints + RevisionRoutes(api: self).endpoints
            + RoleRoutes(api: self).endpoints
            + LabelVolumeRoutes(api: self).endpoints + ChangeRoutes(api: self).endpoints
            + PredictionRoutes(api: self).endpoints
            + PredictedSliceRoutes(api: self).endpoints + ReportRoutes(api: self).endpoints
            + ObjectRoutes(api: self).endpoints
            + SuggestionRoutes(api: self).endpoints
            + JobRoutes(api: self).endpoints + WorkerRoutes(api: self).endpoints + ModelRoutes(api: self).endpoints
            + WeightRoutes(api: self).endpoints
            + monaiEndpoints
    }
}
