package import Foundation
internal import JSON
internal import Store
internal import Volumes

/// A box of a prediction on its way to the server: a label for each voxel, then classes × voxels probabilities as they
/// are stored, uint16 in little-endian.
package struct PredictedPart: Sendable {
    private struct Head: Codable {
        var number: Int
        var box: Box
    }

    /// The number of its unit.
    package let number: Int
    let box: Box
    let labels: [UInt8]
    let probabilities: [UInt16]

    init(number: Int, box: Box, labels: [UInt8], probabilities: [UInt16]) {
        self.number = number
        self.box = box
        self.labels = labels
        self.probabilities = probabilities
    }

    package func encoded() throws -> Data {
        var bytes = Data(labels)
        probabilities.map(\.littleEndian).withUnsafeBytes { bytes.append(contentsOf: $0) }
        return FramedBytes(text: try JSONText.encode(Head(number: number, box: box)), bytes: bytes).encoded
    }

    /// Throws `JobError.malformed` for bytes that are none.
    package init(_ encoded: Data) throws {
        let framed = try FramedBytes(encoded)
        guard let head: Head = try? JSONText.decode(from: framed.text), Self.isPlausible(head.box),
            framed.bytes.count >= head.box.extent.voxels,
            (framed.bytes.count - head.box.extent.voxels).isMultiple(of: 2 * head.box.extent.voxels)
        else { throw JobError.malformed("the part of a prediction can't be read") }
        let voxels = head.box.extent.voxels
        number = head.number
        box = head.box
        labels = [UInt8](framed.bytes.prefix(voxels))
        let stored = framed.bytes.dropFirst(voxels)
        probabilities = [UInt16](unsafeUninitializedCapacity: stored.count / 2) { buffer, count in
            count = stored.copyBytes(to: buffer) / 2
        }.map { UInt16(littleEndian: $0) }
    }

    /// Whether its voxels can be counted.
    private static func isPlausible(_ box: Box) -> Bool {
        Axis.allCases.allSatisfy {
            (0..<1 << 20).contains(box.origin[$0]) && (1..<1 << 20).contains(box.extent[$0])
        }
    }

    /// Stores it.
    func write(to grids: PredictionGrids) throws {
        let (voxels, classes) = (box.extent.voxels, grids.probability.header.channels)
        guard probabilities.count == classes * voxels, labels.allSatisfy({ $0 < classes }),
            Box(extent: grids.labels.header.extent).contains(box)
        else {
            throw JobError.malformed("the part of a prediction is of another volume, or of other classes")
        }
        try grids.write(box, labels) { Array(probabilities[$0 * voxels..<($0 + 1) * voxels]) }
    }

    /// The box cut along z into parts of at most so many bytes, at least a plane each.
    static func parts(
        number: Int, _ box: Box, _ labels: [UInt8], _ probabilities: [Float], most: Int = 8 << 20
    ) -> [PredictedPart] {
        let voxels = box.extent.voxels
        let classes = probabilities.count / max(voxels, 1)
        let plane = box.extent.y * box.extent.x
        let planes = max(most / max(plane * (1 + 2 * classes), 1), 1)
        return stride(from: 0, to: box.extent.z, by: planes).map { z in
            var part = box
            part.origin.z += z
            part.extent.z = min(planes, box.extent.z - z)
            let range = z * plane..<z * plane + part.extent.voxels
            let encoded = (0..<classes).flatMap { channel in
                StoredProbability.encode(
                    probabilities[channel * voxels + range.lowerBound..<channel * voxels + range.upperBound])
            }
            return PredictedPart(number: number, box: part, labels: Array(labels[range]), probabilities: encoded)
        }
    }
}
