import Foundation
import HTTP
import JSON
import Store
import TestSupport
import Testing
import Volumes

/// A project `p` with the classes edge, background and in, and a volume `v`.
///
/// For clients of MONAI Label these are 1, 0 and 2.
struct MONAIWorld {
    let fixture: APIFixture
    let client: MONAIClient
    /// Of the volume; no two axes are equal.
    static let extent = Extent(z: 12, y: 14, x: 16)

    init(
        classes: String = #"[{"name":"edge"},{"name":"background"},{"name":"in"}]"#, unit: String = "millimeter"
    ) async throws {
        fixture = try APIFixture()
        client = MONAIClient(fixture: fixture)
        #expect(try await fixture(.put, "/v1/projects/p", #"{"classes":\#(classes)}"#).status == 201)
        var header = try Self.image().header
        header.spacing.unit = unit
        let image = try InMemoryVolume(header: header, bytes: Self.image().bytes)
        #expect(try await fixture(.put, "/v1/projects/p/volumes/v", fixture.file(image, as: .niftiGzip)).status == 201)
    }

    /// The same for a client that sends other headers.
    init(_ other: MONAIWorld, headers: Headers) {
        fixture = other.fixture
        client = MONAIClient(fixture: fixture, headers: headers)
    }

    /// Its place is the one that 3D Slicer gives back, x to the left.
    static let affine: [Double] = [-0.5, 0, 0, 7, 0, -0.5, 0, 3, 0, 0, 2, 1, 0, 0, 0, 1]

    private static func header(_ element: ElementType) -> VolumeHeader {
        var header = VolumeHeader(
            extent: extent, element: element, spacing: Spacing(z: 2, y: 0.5, x: 0.5, unit: "millimeter"))
        header.orientation = Orientation(affine: affine)
        return header
    }

    static func image(offset: Int = 0) throws -> InMemoryVolume {
        try InMemoryVolume(
            header: header(.uint16), values: (0..<extent.voxels).map { UInt16(truncatingIfNeeded: 100 + offset + $0) })
    }

    /// A label map whose value at a voxel (z, y, x) is told.
    static func labels(_ value: (Int, Int, Int) -> UInt8) throws -> InMemoryVolume {
        var values: [UInt8] = []
        for z in 0..<extent.z { for y in 0..<extent.y { for x in 0..<extent.x { values.append(value(z, y, x)) } } }
        return try InMemoryVolume(header: header(.uint8), bytes: values)
    }

    /// Submits a label map with what its values mean.
    func submit(
        _ labels: InMemoryVolume, as info: String?, tag: String = "", also: String = #""model": "latest""#,
        format: VolumeFormat = .niftiGzip
    ) async throws -> Reply {
        let info = info.map { #""label_info": \#($0), "# } ?? ""
        return try await client.send(
            .put, "/datastore/label?image=v\(tag)", params: "{\(info)\(also), \"client_id\": \"user-xyz\"}",
            .init(field: "label", bytes: fixture.file(labels, as: format)))
    }

    /// The merged annotations: class indices, 255 where unlabeled.
    func annotations() async throws -> [UInt8] {
        try await fixture(.get, "/v1/projects/p/volumes/v/labels?format=raw").body
    }

    /// A model `m`, and its prediction of `v`.
    func predict(_ labels: InMemoryVolume) async throws {
        let model = try await fixture(.put, "/v1/projects/p/models/m", Nets.file(channels: 1))
        #expect(model.status == 201)
        let project = try await fixture.store.project(named: "p")
        let volume = try await fixture.store.volume(project: project.id, name: "v")
        let record = try await fixture.store.model(project: project.id, name: "m")
        // A prediction has the volume's own grid.
        let labels = try InMemoryVolume(header: volume.header.with(element: .uint8, channels: 1), bytes: labels.bytes)
        let probabilities = try InMemoryVolume(
            header: volume.header.with(element: .uint16, channels: 3),
            values: (0..<3 * Self.extent.voxels).map { UInt16(21_845 + $0 % 100) })
        _ = try await fixture.store.putPrediction(
            volume: volume.id, model: record.id, labels: try grid(labels), probability: try grid(probabilities))
    }

    private func grid(_ source: any VoxelSource) throws -> VoxelGridID {
        let writer = try fixture.store.makeGrid(header: source.header)
        try writer.write(source)
        return try writer.finish()
    }
}
