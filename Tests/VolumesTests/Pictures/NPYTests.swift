import Foundation
import Testing
import Volumes

@Suite struct NPYTests {
    /// An array of a type with the bytes of its numbers.
    private func array(_ type: String, _ shape: String, _ bytes: [UInt8], fortran: Bool = false) -> [UInt8] {
        let text = "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(shape)), }"
        let padding = 63 - (10 + text.utf8.count) % 64
        let body = Array(text.utf8) + [UInt8](repeating: 0x20, count: padding) + [0x0a]
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(body.count), 0] + body + bytes
    }

    @Test func `slices go out and come in`() throws {
        let values: [UInt8] = [0, 1, 254, 3, 4, 255]
        let read = try LabelPicture(npy: NPY.encode(rows: 2, columns: 3, values: values))
        #expect(try read.rows == 2 && read.columns == 3 && read.values == values)
    }

    @Test func `numbers are mapped before they are narrowed`() throws {
        let picture = try LabelPicture(npy: array("<i2", "2, 2", [0, 0, 205, 0, 0xa4, 1, 0, 0]))
        #expect(try picture.labels(by: LabelMapping([0: 0, 205: 1, 420: 2])) == [0, 1, 2, 0])
        let big = try LabelPicture(npy: array(">i2", "2, 2", [0, 0, 0, 205, 1, 0xa4, 0xff, 0xfe]))
        #expect(try big.distinctValues() == [-2, 0, 205, 420])
        #expect(throws: VolumeError.unmappedLabel(value: -2, at: Voxel(z: 0, y: 1, x: 1))) {
            _ = try big.labels(by: LabelMapping([0: 0, 205: 1, 420: 2]))
        }
    }

    @Test func `Fortran's order, an axis of one and an axis of colours are understood`() throws {
        let columns = try LabelPicture(npy: array("|u1", "2, 3", [0, 3, 1, 4, 2, 5], fortran: true))
        #expect(try columns.values == [0, 1, 2, 3, 4, 5])
        for shape in ["1, 2, 3", "2, 3, 1"] {
            let one = try LabelPicture(npy: array("|u1", shape, [0, 1, 2, 3, 4, 5]))
            #expect(try one.rows == 2 && one.values == [0, 1, 2, 3, 4, 5])
        }
        let red = try LabelPicture(npy: array("|u1", "2, 1, 4", [255, 0, 0, 255, 9, 9, 9, 0]))
        #expect(red.kind == .colors)
        #expect(try red.labels(by: LabelMapping([0xff0000: 1])) == [1, 255])
        #expect(throws: VolumeError.self) { _ = try LabelPicture(npy: array("|u1", "2, 1, 1, 3", [0, 1, 2, 3, 4, 5])) }
    }
}
