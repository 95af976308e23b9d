import TestSupport
import Testing
import Volumes

@Suite struct LabelObjectsTests {
    private func volume(_ extent: Extent, _ values: [UInt8]) throws -> InMemoryVolume {
        try InMemoryVolume(header: VolumeHeader(extent: extent, element: .uint8), values: values)
    }

    /// Voxels by object, by filling one after the other.
    private func filled(_ extent: Extent, _ values: [UInt8], _ label: UInt8) -> [[Voxel]] {
        var open = values.map { $0 == label }
        var objects: [[Voxel]] = []
        for start in open.indices where open[start] {
            open[start] = false
            var (object, next) = ([Voxel](), [start])
            while let offset = next.popLast() {
                let voxel = Voxel(
                    z: offset / (extent.y * extent.x), y: offset / extent.x % extent.y, x: offset % extent.x)
                object.append(voxel)
                for (axis, stride) in [(Axis.z, extent.y * extent.x), (.y, extent.x), (.x, 1)] {
                    for side in [-1, 1] where (0..<extent[axis]).contains(voxel[axis] + side) {
                        guard open[offset + side * stride] else { continue }
                        open[offset + side * stride] = false
                        next.append(offset + side * stride)
                    }
                }
            }
            objects.append(object)
        }
        return objects
    }

    /// What voxels cover on an axis.
    private func range(_ voxels: [Voxel], _ axis: Axis) -> Range<Int> {
        let places = voxels.map { $0[axis] }.sorted()
        return (places.first ?? 0)..<(places.last ?? 0) + 1
    }

    @Test(arguments: [(5, 7, 9, 2), (1, 30, 40, 2), (40, 3, 2, 3), (12, 12, 12, 5)])
    func `objects are what filling from voxel to voxel finds`(z: Int, y: Int, x: Int, classes: Int) throws {
        let extent = Extent(z: z, y: y, x: x)
        var generator = SeededGenerator(seed: UInt64(z * 100 + y))
        let values = (0..<extent.voxels).map { _ in UInt8.random(in: 0..<UInt8(classes), using: &generator) }
        let found = try LabelObjects(of: 1, in: try volume(extent, values)).objects
        let expected = filled(extent, values, 1)
        #expect(found.map(\.voxels) == expected.map(\.count).sorted(by: >))
        #expect(Set(found.map(\.box)).count > 1)
        for object in expected {
            let box = Axis.allCases.map { axis in range(object, axis) }
            let same = found.filter { other in
                other.voxels == object.count && zip(Axis.allCases, box).allSatisfy { other.box.range($0) == $1 }
                    && Axis.allCases.allSatisfy { axis in
                        abs(other.center(axis) - Double(object.map { $0[axis] }.reduce(0, +)) / Double(object.count))
                            < 1e-9
                    }
            }
            #expect(!same.isEmpty)
        }
    }

    @Test func `arms that meet planes later are one object, and corners that touch are not`() throws {
        let extent = Extent(z: 3, y: 1, x: 5)
        let arms: [UInt8] = [1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1]
        let found = try LabelObjects(of: 1, in: try volume(extent, arms)).objects
        #expect(found.map(\.voxels) == [9])
        #expect(found[0].isCut(by: extent))
        let corners: [UInt8] = [1, 0, 0, 1]
        #expect(try LabelObjects(of: 1, in: try volume(Extent(z: 1, y: 2, x: 2), corners)).objects.count == 2)
    }

    @Test func `small objects are left out, and too many are refused`() throws {
        let extent = Extent(z: 1, y: 1, x: 9)
        let values: [UInt8] = [2, 0, 2, 2, 0, 2, 2, 2, 0]
        let source = try volume(extent, values)
        #expect(try LabelObjects(of: 2, in: source).objects.map(\.voxels) == [3, 2, 1])
        #expect(try LabelObjects(of: 2, in: source, least: 2).objects.map(\.voxels) == [3, 2])
        #expect(try LabelObjects(of: 1, in: source).objects.isEmpty)
        #expect(throws: VolumeError.self) { try LabelObjects(of: 2, in: source, most: 2) }
        #expect(try LabelObjects(of: 2, in: source, least: 3, most: 1).objects.count == 1)
    }

    @Test func `voxels say which object they belong to, in parts of the volume too`() throws {
        let extent = Extent(z: 6, y: 5, x: 7)
        var generator = SeededGenerator(seed: 3)
        let values = (0..<extent.voxels).map { _ in UInt8.random(in: 0..<2, using: &generator) }
        let found = try LabelObjects(of: 1, in: try volume(extent, values), least: 3)
        #expect(found.header.element == .uint16)
        let whole = try found.raw(Box(extent: extent)).withUnsafeBytes { [UInt16]($0.bindMemory(to: UInt16.self)) }
        for (place, object) in found.objects.enumerated() {
            let voxels = whole.indices.filter { whole[$0] == UInt16(place + 1) }
            #expect(voxels.count == object.voxels && voxels.allSatisfy { values[$0] == 1 })
            let middle = Double(voxels.map { $0 % extent.x }.reduce(0, +)) / Double(voxels.count)
            #expect(abs(middle - object.center(.x)) < 1e-9)
        }
        #expect(
            filled(extent, values, 1).filter { $0.count < 3 }.allSatisfy { object in
                object.allSatisfy { whole[($0.z * extent.y + $0.y) * extent.x + $0.x] == 0 }
            })
        let part = Box(origin: Voxel(z: 1, y: 2, x: 3), extent: Extent(z: 4, y: 2, x: 3))
        let cut = try found.raw(part).withUnsafeBytes { [UInt16]($0.bindMemory(to: UInt16.self)) }
        let expected = part.range(.z).flatMap { z in
            part.range(.y).flatMap { y in part.range(.x).map { x in whole[(z * extent.y + y) * extent.x + x] } }
        }
        #expect(cut == expected)
    }
}
