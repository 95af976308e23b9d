import Foundation
import Store
import TestSupport
import Testing
import Volumes

/// A store in a folder of its own.
struct StoreFixture {
    let folder: TemporaryFolder
    let store: Store

    init(folder: TemporaryFolder, store: Store) {
        self.folder = folder
        self.store = store
    }

    init(_ options: StoreOptions = StoreOptions()) throws {
        folder = try TemporaryFolder()
        store = try Store(folder: folder.url, options: options)
        // The folder stays as long as the store, also where the rest of the fixture isn't needed any more.
        store.onFullDisk { [folder] in
            folder.keep()
            return false
        }
    }

    static let classes = ["inside", "tubule", "background"].map { ClassRecord(name: $0, color: "#e69f00") }
    static let statistics = ChannelStatistics(mean: 1, deviation: 1, minimum: 0, maximum: 2, low: 0, high: 2)

    func project(_ name: String = "kidney", classes: [ClassRecord] = classes) async throws -> ProjectRecord {
        try await store.putProject(name: name, description: nil, classes: classes).project
    }

    func grid(
        _ extent: Extent, element: ElementType = .uint8, channels: Int = 1, values: [UInt8]? = nil, fill: UInt8 = 0,
        spacing: Spacing = Spacing()
    ) throws -> VoxelGridID {
        let header = VolumeHeader(channels: channels, extent: extent, element: element, spacing: spacing)
        let writer = try store.makeGrid(header: header, fill: fill)
        if let values {
            for channel in 0..<channels { try writer.write(box: Box(extent: extent), channel: channel, values: values) }
        }
        return try writer.finish()
    }

    func volume(
        _ name: String = "v", in project: ProjectRecord, _ extent: Extent = Extent(z: 4, y: 5, x: 6)
    ) async throws -> VolumeRecord {
        let grid = try grid(extent, values: [UInt8](repeating: 7, count: extent.voxels))
        return try await store.putVolume(
            project: project.id, name: name, grid: grid, statistics: [Self.statistics], sha256: Self.hash("a"),
            bytes: extent.voxels
        ).volume
    }

    func model(_ name: String = "m", in project: ProjectRecord, job: Int64? = nil) async throws -> ModelRecord {
        let model = NewModel(
            name: name, classes: project.classes.map(\.name), recipe: "{}", configuration: "{\"base\":16}", seed: 3,
            job: job)
        return try await store.addModel(project: project.id, model, weights: Data([1, 2, 3]))
    }

    func predict(_ volume: VolumeRecord, _ model: ModelRecord) async throws -> PredictionRecord {
        let labels = try grid(volume.header.extent)
        let probability = try grid(volume.header.extent, element: .uint16, channels: 3)
        return try await store.putPrediction(
            volume: volume.id, model: model.id, labels: labels, probability: probability)
    }

    static func hash(_ letter: Character) -> String { String(repeating: letter, count: 64) }
}

extension Store {
    /// The current slices, oldest first.
    func slices(volume: Int64) async throws -> [AnnotatedSlice] {
        try await annotatedSlices(volume: volume).map(\.slice)
    }

    /// The slice of any revision.
    func slice(volume: Int64, revision: Int64) async throws -> AnnotatedSlice {
        try await slices(of: [(volume, [revision])])[0].slices[0]
    }
}

/// All voxels of a channel.
func bytes(_ source: any VoxelSource, _ box: Box? = nil, channel: Int = 0) throws -> [UInt8] {
    try source.raw(box ?? Box(extent: source.header.extent), channel: channel)
}

/// The error a call throws.
func failure(_ body: () async throws -> Void) async -> StoreError? {
    do {
        try await body()
        Issue.record("nothing was thrown")
    } catch let error as StoreError {
        return error
    } catch {
        Issue.record("\(error) was thrown")
    }
    return nil
}

extension StoreError {
    var isConflict: Bool { if case .conflict = self { true } else { false } }
    var isConstraint: Bool { if case .constraint = self { true } else { false } }
    var isNotFound: Bool { if case .notFound = self { true } else { false } }
    var isFull: Bool { if case .full = self { true } else { false } }
}
