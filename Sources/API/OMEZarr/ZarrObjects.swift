internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// The objects of a class as labels of an OME-Zarr: each voxel has the number of its object, others 0.
///
/// A volume does not list them among its labels: programs open whatever is listed, and it takes a way through the whole
/// prediction to find them.
struct ZarrObjects: Sendable {
    /// The path of the groups, one for each class, below which they are.
    static let path = ["labels", "objects"]

    /// The name of the class.
    let name: String
    let volume: VolumeRecord
    /// The file that downloads of them are made as.
    let source: any VoxelSource
    /// Changes whenever a voxel does.
    let version: String
    /// Voxels along each edge of a chunk.
    let edge: Int

    private var levels: [Pyramid.Level] { Pyramid(of: volume.header).levels }

    /// The group of the class.
    func node(_ version: OMEZarrVersion) -> ZarrTree {
        let image = OMEImage(
            name: "objects of \(name)", isLabels: true, levels: levels, legend: [], source: "../../../")
        let arrays = levels.enumerated().map { number, level in
            let chunk = BrickGrid(extent: level.extent, edge: edge).chunk
            return ZarrTree.Member(
                name: "\(number)", node: .array(image.array(of: level, chunk: chunk, element: source.header.element)))
        }
        return .group(attributes: version.attributes(image.attributes(version)), arrays)
    }

    /// A level, in which voxels have the first number that they stand for; `nil` if there is none of this number.
    func level(_ number: Int) -> BrickLevel? {
        guard levels.indices.contains(number) else { return nil }
        let (level, source) = (levels[number], source)
        let (grid, element) = (BrickGrid(extent: level.extent, edge: edge), source.header.element)
        return BrickLevel(grid: grid, element: element, fill: 0) { bricks in
            try bricks.map { brick in
                let numbers = try source.firsts(grid.box(of: brick), factor: level.factor)
                return numbers.allSatisfy { $0 == 0 } ? nil : BrickCodec.encode(numbers, element: element)
            }
        }
    }
}

extension API {
    /// The objects of a class, found unless they are known; `nil` if there is no such class or no prediction.
    func zarrObjects(
        of name: String, _ request: Request, in volume: VolumeRecord, of project: ProjectRecord
    ) async throws -> ZarrObjects? {
        guard let label = project.classes.firstIndex(where: { $0.name == name }) else { return nil }
        let prediction: PredictionRecord
        do {
            prediction = try await self.prediction(of: volume, in: project, request)
        } catch let error as HTTPError where error.status == 404 {
            return nil
        }
        let store = store
        let identity = ObjectRoutes.identity(of: label, least: 1, in: prediction)
        let file = try await exports.export(
            identity, of: .volume(volume.id), fileExtension: VolumeFormat.npy.fileExtension
        ) { url in
            try writeVolume(try ObjectRoutes.find(label, least: 1, in: prediction, store), as: .npy, to: url)
        }
        let scratch = try scratchFolder()
        let source = try await drawing.run {
            try openVolume(at: file.url, hints: VolumeHints(axes: "zyx"), scratch: scratch)
        }
        return ZarrObjects(
            name: name, volume: volume, source: source, version: file.tag, edge: store.options.brickEdge)
    }
}
