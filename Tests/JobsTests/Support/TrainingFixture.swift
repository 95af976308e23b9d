import Foundation
import JSON
import Jobs
import Network
import Store
import TestSupport
import Training
import Volumes

/// A store with a small volume whose classes are told apart by brightness, and a queue that trains in earnest.
struct TrainingFixture {
    static let extent = Extent(z: 8, y: 24, x: 20)
    /// Few and cheap steps.
    static let recipe = JSONValue.object([
        "base": .number(2), "levels": .number(2), "augmentation": .object(["gray": .bool(false)]),
        "patch": .object(["z": .number(8), "y": .number(16), "x": .number(16)]),
    ])

    let store: Store
    let queue: JobQueue
    let predictions: PredictionService
    let project: ProjectRecord

    init(folder: URL) async throws {
        try await self.init(store: Store(folder: folder))
    }

    /// Another process's queue over the same data, as it were.
    init(store: Store) async throws {
        let project = try await store.putProject(
            name: "kidneys", description: nil,
            classes: [ClassRecord(name: "outside", color: "#000000"), ClassRecord(name: "inside", color: "#ffffff")]
        ).project
        self.init(store: store, project: project)
    }

    init(
        store: Store, project: ProjectRecord, threads: Int = 1, niceness: Int = 0,
        makeEngine: (@Sendable (_ threads: Int?) throws -> any ComputeEngine)? = nil
    ) {
        self.store = store
        self.project = project
        var settings = JobSettings()
        settings.threads = threads
        settings.niceness = niceness
        settings.progressInterval = .zero
        if let makeEngine { settings.makeEngine = makeEngine }
        predictions = PredictionService(store: store, settings: settings)
        queue = JobQueue(store: store, predictions: predictions, logger: .silent)
    }

    /// The class of a voxel: a bright column in dark surroundings.
    static func truth(_ voxel: Voxel) -> UInt8 {
        (8..<16).contains(voxel.y) && (6..<14).contains(voxel.x) ? 1 : 0
    }

    @discardableResult
    func addVolume(_ name: String, channels: Int = 1) async throws -> VolumeRecord {
        let header = VolumeHeader(channels: channels, extent: Self.extent, element: .uint8)
        let writer = try store.makeGrid(header: header)
        var random = Random(seed: 7)
        for channel in 0..<channels {
            var values: [UInt8] = []
            for voxel in Self.voxels(of: Box(extent: Self.extent)) {
                values.append(Self.truth(voxel) * 120 + UInt8.random(in: 20..<80, using: &random))
            }
            try writer.write(box: Box(extent: Self.extent), channel: channel, values: values)
        }
        let grid = try writer.finish()
        let statistics = try ChannelStatistics.measure(try store.source(grid: grid))
        return try await store.putVolume(
            project: project.id, name: name, grid: grid, statistics: statistics,
            sha256: String(repeating: "a", count: 64),
            bytes: header.byteCount
        ).volume
    }

    /// A cube of zeros, which takes no room however large it is; its statistics claim to go from 0 to `maximum`.
    @discardableResult
    func addHollowVolume(_ name: String, edge: Int, maximum: Double = 1) async throws -> VolumeRecord {
        let header = VolumeHeader(extent: Extent(z: edge, y: edge, x: edge), element: .uint8)
        return try await store.putVolume(
            project: project.id, name: name, grid: try store.makeGrid(header: header).finish(),
            statistics: [ChannelStatistics(mean: 0, deviation: 0, minimum: 0, maximum: maximum, low: 0, high: 0)],
            sha256: String(repeating: "b", count: 64), bytes: header.byteCount
        ).volume
    }

    /// Annotates a slice with the truth.
    func annotate(_ volume: VolumeRecord, _ axis: Axis, _ index: Int) async throws {
        let (rows, columns) = Self.extent.slice(on: axis)
        let values = Self.voxels(of: Box(slice: SlicePosition(axis, index), of: Self.extent)).map(Self.truth)
        _ = try await store.postAnnotations(
            volume: volume.id,
            [NewAnnotation(at: SlicePosition(axis, index), rows: rows, columns: columns, values: values)])
    }

    /// Posts a slice without any label.
    func blank(_ volume: VolumeRecord, _ axis: Axis, _ index: Int) async throws {
        let (rows, columns) = Self.extent.slice(on: axis)
        let values = [UInt8](repeating: AnnotatedSlice.unlabeled, count: rows * columns)
        _ = try await store.postAnnotations(
            volume: volume.id,
            [NewAnnotation(at: SlicePosition(axis, index), rows: rows, columns: columns, values: values)])
    }

    func setTruth(_ volume: VolumeRecord) async throws {
        let writer = try store.makeGrid(header: volume.header.with(element: .uint8))
        let box = Box(extent: Self.extent)
        try writer.write(box: box, channel: 0, values: Self.voxels(of: box).map(Self.truth))
        try await store.setTruth(volume: volume.id, grid: writer.finish())
    }

    /// A volume with a slice annotated on every axis, and one more on z.
    func addAnnotatedVolume(_ name: String) async throws -> VolumeRecord {
        let volume = try await addVolume(name)
        for (axis, index) in [(Axis.z, 2), (.z, 5), (.y, 12), (.x, 10)] { try await annotate(volume, axis, index) }
        return volume
    }

    func train(steps: Int, _ change: (inout TrainingRequest) -> Void = { _ in }) async throws -> JobRecord {
        var request = TrainingRequest()
        request.recipe = Self.recipe
        request.budget = Budget(steps: steps)
        change(&request)
        return try await queue.submit(.train(request), to: project)
    }

    @discardableResult
    func end(of job: JobRecord) async throws -> JobRecord {
        for try await _ in queue.events(job: job.id) {}
        return try await store.job(id: job.id)
    }

    /// How good the newest model's prediction of a volume is.
    func report(_ name: String) async throws -> Report {
        let volume = try await store.volume(project: project.id, name: name)
        return try await predictions.report(on: volume, store.prediction(volume: volume.id))
    }

    /// What the newest model says of a part of a volume, on demand.
    func predict(_ box: Box, of name: String) async throws -> RegionPrediction {
        let volume = try await store.volume(project: project.id, name: name)
        guard let model = try await store.latestModel(project: project.id) else {
            throw StoreError.notFound("model")
        }
        return try await predictions.predict(box, of: volume, by: model)
    }

    /// Runs jobs while the body runs.
    func running(_ body: () async throws -> Void) async throws {
        try await withRunning { [queue] in
            try await queue.run()
        } _: {
            try await body()
        }
    }

    private static func voxels(of box: Box) -> [Voxel] {
        var voxels: [Voxel] = []
        for z in box.range(.z) {
            for y in box.range(.y) {
                for x in box.range(.x) { voxels.append(Voxel(z: z, y: y, x: x)) }
            }
        }
        return voxels
    }
}

func withTrainingFixture(_ body: (TrainingFixture) async throws -> Void) async throws {
    let folder = try TemporaryFolder()
    defer { folder.keep() }
    try await body(TrainingFixture(folder: folder.url))
}
