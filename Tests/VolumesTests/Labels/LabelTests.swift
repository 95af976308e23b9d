import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct LabelTests {
    let extent = Extent(z: 4, y: 5, x: 6)
    var grid: VolumeHeader { VolumeHeader(extent: extent, element: .uint8) }

    func plane(_ axis: Axis, _ value: UInt8) -> [UInt8] {
        let (rows, columns) = extent.slice(on: axis)
        return [UInt8](repeating: value, count: rows * columns)
    }

    @Test func `where slices cross the later one wins, and unlabeled never does`() throws {
        var partly = plane(.x, 255)
        partly[0] = 3
        let labels = SparseLabels(
            of: grid,
            slices: [
                AnnotatedSlice(at: SlicePosition(.z, 1), values: plane(.z, 0)),
                AnnotatedSlice(at: SlicePosition(.y, 2), values: plane(.y, 1)),
                AnnotatedSlice(at: SlicePosition(.x, 0), values: partly),
            ])
        let all = try labels.labels(Box(extent: extent))
        let at = { (z: Int, y: Int, x: Int) in all[(z * 5 + y) * 6 + x] }
        #expect(at(1, 2, 3) == 1)
        #expect(at(1, 1, 3) == 0)
        #expect(at(0, 2, 0) == 1)
        #expect(at(0, 0, 0) == 3)
        #expect(at(0, 0, 1) == 255)
    }

    @Test(arguments: 0..<12) func `slices of a label volume are the volume again`(seed: Int) throws {
        var random = Random(seed: UInt64(seed))
        var bytes = [UInt8](repeating: 255, count: extent.voxels)
        let planes = SparseLabels(
            of: grid,
            slices: (0..<seed / 2).map { _ in
                let axis = Axis.allCases.randomElement(using: &random) ?? .z
                let index = Int.random(in: 0..<extent[axis], using: &random)
                return AnnotatedSlice(
                    at: SlicePosition(axis, index),
                    values: plane(axis, 0).map { _ in .random(in: 0...2, using: &random) })
            })
        bytes = try planes.labels(Box(extent: extent))
        for _ in 0..<seed % 4 * 3 { bytes[Int.random(in: 0..<bytes.count, using: &random)] = 1 }
        if seed == 11 { bytes = bytes.map { $0 == 255 ? 0 : $0 } }
        let volume = try InMemoryVolume(header: grid, bytes: bytes)
        let slices = try SliceSplitter.slices(of: volume)
        #expect(try SparseLabels(of: grid, slices: slices).labels(Box(extent: extent)) == bytes)
        if seed == 11 { #expect(slices.count == extent.z && slices.allSatisfy { $0.axis == .z }) }
    }

    @Test func `full planes are found on every axis and the rest stays on z`() throws {
        var bytes = [UInt8](repeating: 255, count: extent.voxels)
        for z in 0..<4 {
            for x in 0..<6 { bytes[(z * 5 + 3) * 6 + x] = 1 }
            for y in 0..<5 { bytes[(z * 5 + y) * 6 + 2] = 0 }
        }
        bytes[0] = 2
        let slices = try SliceSplitter.slices(of: InMemoryVolume(header: grid, bytes: bytes))
        #expect(slices.map(\.axis) == [.y, .x, .z])
        #expect(slices.map(\.index) == [3, 2, 0])
        #expect(slices[2].values.filter { $0 != 255 } == [2])
    }

    @Test(arguments: 0..<12) func `slices taken a few at a time are the same`(seed: Int) throws {
        var random = Random(seed: UInt64(seed))
        var bytes = [UInt8](repeating: seed % 3 == 0 ? 1 : 255, count: extent.voxels)
        for _ in 0..<seed { bytes[Int.random(in: 0..<bytes.count, using: &random)] = seed % 3 == 0 ? 255 : 1 }
        for x in 0..<6 { for z in 0..<4 { bytes[(z * 5 + 2) * 6 + x] = 0 } }
        let volume = try InMemoryVolume(header: grid, bytes: bytes)
        let slices = try SliceSplitter.slices(of: volume)
        for budget in [1, 25, 60] {
            var few: [AnnotatedSlice] = []
            try SliceSplitter.split(volume, budget: budget) { few.append($0) }
            #expect(few == slices)
        }
        let folder = try TemporaryFolder()
        var spool = try SliceSpool(in: folder.url, extent: extent)
        for slice in slices { try spool.add(slice) }
        let spooled = try spool.finish()
        #expect(spooled.entries.map(\.position) == slices.map(\.position))
        for (entry, slice) in zip(spooled.entries, slices) {
            let voxels = slice.values.count
            #expect(try BrickCodec.decode(spooled.packed(entry), element: .uint8, voxels: voxels) == slice.values)
            #expect(entry.counts[255] ?? 0 == slice.values.count { $0 == 255 })
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func `values of any type are mapped to classes, and the first that is none is named`() throws {
        let header = VolumeHeader(extent: extent, element: .float32)
        var values = [Float](repeating: 7, count: extent.voxels)
        values[1] = -1
        values[2] = 1000
        let mapping = LabelMapping([7: 0, -1: 255, 1000: 2])
        let mapped = try MappedLabels(InMemoryVolume(header: header, values: values), mapping: mapping)
        #expect(try mapped.labels(Box(extent: extent)).prefix(4) == [0, 255, 2, 0])
        values[36] = 7.0000153
        values[37] = 6.9995
        let scaled = try MappedLabels(InMemoryVolume(header: header, values: values), mapping: mapping)
        #expect(try scaled.labels(Box(extent: extent))[36...37] == [0, 0])
        values[37] = 7.5
        let wrong = try MappedLabels(InMemoryVolume(header: header, values: values), mapping: mapping)
        #expect(throws: VolumeError.unmappedLabel(value: 7.5, at: Voxel(z: 1, y: 1, x: 1))) {
            _ = try wrong.labels(Box(extent: extent))
        }
        values[37] = .nan
        let none = try MappedLabels(InMemoryVolume(header: header, values: values), mapping: mapping)
        #expect(throws: VolumeError.self) { _ = try none.labels(Box(extent: extent)) }
    }

    @Test func `a slice of another size is an error`() {
        let labels = SparseLabels(of: grid, slices: [AnnotatedSlice(at: SlicePosition(.z, 0), values: [1])])
        #expect(throws: VolumeError.self) { _ = try labels.labels(Box(extent: extent)) }
    }

    @Test func `outside of the volume there are no labels`() throws {
        let volume = try InMemoryVolume(header: grid, bytes: [UInt8](repeating: 1, count: extent.voxels))
        let box = Box(origin: Voxel(z: -1, y: 4, x: 5), extent: Extent(z: 2, y: 2, x: 2))
        #expect(try volume.labels(box) == [255, 255, 255, 255, 1, 255, 255, 255])
    }
}
