import Foundation
import Testing
import Volumes

@Suite struct NPYTests {
    @Test func `slices go out and come in`() throws {
        let values: [UInt8] = [0, 1, 255, 3, 4, 5]
        let read = try NPY.decodeLabels(NPY.encode(rows: 2, columns: 3, values: values))
        #expect(read.rows == 2 && read.columns == 3 && read.values == values)
    }

    @Test func `a slice with a value that no label can have says where`() throws {
        var bytes = NPY.encode(rows: 2, columns: 2, values: [0, 1, 2, 3])
        let header = String(decoding: bytes[10..<128], as: UTF8.self).replacingOccurrences(of: "|u1", with: "|i1")
        bytes.replaceSubrange(10..<128, with: Array(header.utf8))
        bytes[131] = 0xfe
        #expect(throws: VolumeError.unmappedLabel(value: -2, at: Voxel(z: 0, y: 1, x: 1))) {
            _ = try NPY.decodeLabels(bytes)
        }
    }
}
