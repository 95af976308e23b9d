import HTTP
import JSON
import TestSupport
import Testing
import Training
import Volumes

/// The whole loop as a script runs it, over a socket, with a real if tiny training.
@Suite struct LoopTests {
    private static let volume = "/v1/projects/loop/volumes/sample"
    private static let jobs = "/v1/projects/loop/jobs"

    private static let recipe = """
        {"base":4,"levels":2,"patch":{"z":8,"y":16,"x":16},"augmentation":{"elastic":null,"rotation":0}}
        """

    /// A bright ball on a dark ground.
    private func scene() throws -> (image: InMemoryVolume, truth: InMemoryVolume) {
        let extent = Extent(z: 12, y: 20, x: 24)
        var (voxels, labels): ([UInt8], [UInt8]) = ([], [])
        for z in 0..<extent.z {
            for y in 0..<extent.y {
                for x in 0..<extent.x {
                    let isBall = (z - 6) * (z - 6) + (y - 10) * (y - 10) + (x - 12) * (x - 12) < 30
                    voxels.append(UInt8((isBall ? 180 : 40) + (z * 7 + y * 3 + x * 5) % 20))
                    labels.append(isBall ? 1 : 0)
                }
            }
        }
        let header = VolumeHeader(extent: extent, element: .uint8, spacing: Spacing(unit: "micrometer"))
        return (try InMemoryVolume(header: header, bytes: voxels), try InMemoryVolume(header: header, bytes: labels))
    }

    @Test func `upload, annotate, train, fetch and score over a socket`() async throws {
        let fixture = try APIFixture(work: nil)
        let (image, truth) = try scene()
        try await fixture.serving { call in
            let project = try await call(
                .put, "/v1/projects/loop", #"{"classes":[{"name":"class0"},{"name":"class1"}]}"#)
            #expect(project.status == 201)
            #expect(try await call(.put, Self.volume, fixture.file(image, as: .niftiGzip)).status == 201)
            #expect(try await call(.put, Self.volume + "/truth", fixture.file(truth, as: .niftiGzip)).status == 201)
            for (axis, index) in [(Axis.z, 6), (.y, 10), (.x, 12)] {
                let posted = try await call(
                    .post, "\(Self.volume)/annotations?axis=\(axis.rawValue)&index=\(index)&author=loop",
                    headers: ["Content-Type": "application/octet-stream"],
                    truth.labels(slice: SlicePosition(axis, index)))
                #expect(posted.status == 201)
                #expect(posted.json["conflicts"].number == 0)
            }
            let job = try await call(
                .post, Self.jobs,
                #"{"kind":"train","from":"scratch","name":"round1","recipe":\#(Self.recipe),"budget":{"steps":12}}"#)
            #expect(job.status == 202, "\(job.text)")
            let place = try #require(job.headers["Location"])
            let events = try await call(.get, "\(place)/events")
            #expect(events.text.contains("event: progress\n"))
            let ended = try await call(.get, place)
            #expect(ended.json["state"].string == "succeeded", "\(ended.text)")
            #expect(ended.json["model"].string == "round1")
            #expect(ended.json["progress"]["step"].number == 12)
            #expect(try await call(.get, "\(place)/curve").json.count > 0)
            let prediction = try await call(.get, "\(Self.volume)/prediction?format=npy")
            let labels = try fixture.volume(prediction.body).labels(Box(extent: image.header.extent))
            #expect(labels.count == truth.bytes.count)
            let report = try await call(.get, "\(Self.volume)/report")
            let sparse = try await call(.get, "\(Self.volume)/labels?format=raw")
            let mine = Self.meanIoU(labels, truth.bytes, where: sparse.body.map { $0 == 255 })
            let theirs = try #require(report.json["truth"]["mean_iou"].number)
            #expect(abs(mine - theirs) < 1e-9)
            let model = try await call(.get, "/v1/projects/loop/models/round1")
            #expect(model.json["trained_on"]["sample"].count == 3)
            #expect(try await call(.delete, "/v1/projects/loop").status == 204)
        }
    }

    /// Over the classes that occur in either.
    private static func meanIoU(_ one: [UInt8], _ other: [UInt8], where scored: [Bool]) -> Double {
        let ious = (0..<2).compactMap { value -> Double? in
            var (both, any) = (0, 0)
            for place in one.indices where scored[place] {
                let (a, b) = (one[place] == value, other[place] == value)
                both += a && b ? 1 : 0
                any += a || b ? 1 : 0
            }
            return any > 0 ? Double(both) / Double(any) : nil
        }
        return ious.reduce(0, +) / Double(ious.count)
    }
}
