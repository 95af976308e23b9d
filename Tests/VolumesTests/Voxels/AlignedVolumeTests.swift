import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct AlignedVolumeTests {
    /// An oblique place with unequal spacings.
    static let affine: [Double] = [0.48, -0.14, 0, 3, 0.14, 0.48, 0, -7, 0, 0, 2, 11, 0, 0, 0, 1]

    func volume(_ affine: [Double]? = Self.affine, unit: String? = nil) throws -> InMemoryVolume {
        var header = VolumeHeader.sample(.int16, z: 3, y: 5, x: 4)
        header.orientation = affine.map { Orientation(affine: $0) }
        header.spacing = Spacing(z: 2, y: 0.5, x: 0.5, unit: unit)
        return try randomVolume(header)
    }

    /// The same voxels at the same places, stored along `order` of the axes, those in `reversed` the other way.
    func stored(_ source: InMemoryVolume, order: [Axis], reversed: Set<Axis>) throws -> InMemoryVolume {
        let extent = source.header.extent
        var header = source.header
        for (axis, from) in zip(Axis.allCases, order) { header.extent[axis] = extent[from] }
        var values: [UInt8] = []
        for z in 0..<header.extent.z {
            for y in 0..<header.extent.y {
                for x in 0..<header.extent.x {
                    var voxel = Voxel.zero
                    for (from, index) in zip(order, [z, y, x]) {
                        voxel[from] = reversed.contains(from) ? extent[from] - 1 - index : index
                    }
                    values += try source.raw(Box(origin: voxel, extent: Extent(z: 1, y: 1, x: 1)))
                }
            }
        }
        let affine = try #require(source.header.orientation?.affine)
        let columns: [Axis: Int] = [.x: 0, .y: 1, .z: 2]
        var moved = affine
        for (axis, from) in zip(Axis.allCases, order) {
            let (target, column) = (try #require(columns[axis]), try #require(columns[from]))
            for row in 0..<3 {
                let step = affine[row * 4 + column]
                moved[row * 4 + target] = reversed.contains(from) ? -step : step
                if reversed.contains(from) { moved[row * 4 + 3] += step * Double(extent[from] - 1) }
            }
        }
        header.orientation = Orientation(affine: moved)
        return try InMemoryVolume(header: header, bytes: values)
    }

    /// The file in the order of a volume that it belongs to.
    func placed(_ file: any VoxelSource, on grid: VolumeHeader) throws -> PlacedVolume {
        try #require(try file.placed(on: grid))
    }

    @Test func `every order and direction of axes gives the voxels of the volume`() throws {
        let volume = try volume()
        let orders: [[Axis]] = [
            [.z, .y, .x], [.z, .x, .y], [.y, .z, .x], [.y, .x, .z], [.x, .z, .y], [.x, .y, .z],
        ]
        var random = Random(seed: 5)
        for order in orders {
            for reversed: Set<Axis> in [[], [.x], [.y], [.z], [.x, .y], [.z, .x], [.z, .y], [.z, .y, .x]] {
                let file = try stored(volume, order: order, reversed: reversed)
                let aligned = try placed(file, on: volume.header).source
                #expect(try allBytes(aligned) == volume.bytes, "\(order) \(reversed)")
                #expect(aligned.header.orientation == volume.header.orientation)
                let box = Box.random(in: volume.header.extent, using: &random)
                #expect(try aligned.raw(box) == volume.raw(box), "\(order) \(reversed) \(box)")
            }
        }
    }

    @Test func `a place of single precision, in another unit or without one is the same`() throws {
        let micrometers = try volume(unit: "micrometer")
        var file = try stored(micrometers, order: [.z, .y, .x], reversed: [.x]).header
        let affine = try #require(file.orientation?.affine)
        for (scale, unit) in [(1.0, "micrometer"), (1e-3, "millimeter"), (1e-3, nil), (1, nil), (1, "millimeter")] {
            let scaled = affine.enumerated().map { $0.offset < 12 ? Double(Float($0.element * scale)) : $0.element }
            file.orientation = Orientation(affine: scaled)
            file.spacing.unit = unit
            let bytes = try stored(micrometers, order: [.z, .y, .x], reversed: [.x]).bytes
            let aligned = try placed(InMemoryVolume(header: file, bytes: bytes), on: micrometers.header).source
            #expect(try allBytes(aligned) == micrometers.bytes, "\(scale) \(unit ?? "no unit")")
        }
    }

    @Test(arguments: [(3, 0.5), (3, 4.0), (0, 0.6), (10, -2.0), (11, 2.0)])
    func `a place elsewhere is refused, and both are named`(index: Int, number: Double) throws {
        let volume = try volume()
        var header = volume.header
        header.orientation?.affine[index] = number
        let file = try InMemoryVolume(header: header, bytes: volume.bytes)
        #expect {
            _ = try placed(file, on: volume.header).source
        } throws: { error in
            let text = "\(error)"
            return text.contains("first voxel at (3, -7, 11)") && text.contains("z (0, 0, 2)")
                && text.contains("steps along x (0.48, 0.14, 0)")
        }
    }

    @Test func `labels of a volume whose sender corrected its spacing may lie by either spacing`() throws {
        let original = try volume()
        var corrected = original.header
        corrected.spacingInFile = original.header.spacing
        corrected.spacing = Spacing(z: 5, y: 1, x: 0.5)
        // The columns of `affine` are 0.5, 0.5 and 2 long.
        corrected.orientation = Orientation(
            affine: [0.48, -0.28, 0, 3, 0.14, 0.96, 0, -7, 0, 0, 5, 11, 0, 0, 0, 1])
        let anew = try InMemoryVolume(header: corrected, bytes: original.bytes)
        for volume in [original, anew] {
            let file = try stored(volume, order: [.z, .x, .y], reversed: [.y])
            let aligned = try placed(file, on: corrected).source
            #expect(try allBytes(aligned) == original.bytes)
            #expect(aligned.header.orientation == corrected.orientation)
        }
    }

    @Test func `a file without a place stays as it is, as does one of another size`() throws {
        let (volume, plain) = (try volume(), try volume(nil))
        #expect(try allBytes(placed(plain, on: volume.header).source) == plain.bytes)
        #expect(try allBytes(placed(volume, on: plain.header).source) == volume.bytes)
        var smaller = volume.header
        smaller.extent.z -= 1
        #expect(try volume.placed(on: smaller)?.part == nil)
        var header = volume.header
        header.orientation?.nifti = ["qform_code": [0], "sform_code": [0]]
        header.orientation?.affine[3] = 99
        let uncoded = try InMemoryVolume(header: header, bytes: volume.bytes)
        #expect(try allBytes(placed(uncoded, on: volume.header).source) == volume.bytes)
        smaller.extent.z += 2
        #expect(try plain.placed(on: smaller)?.part == nil && uncoded.placed(on: smaller)?.part == nil)
    }

    /// A part of a volume at its place.
    func part(_ box: Box, of volume: InMemoryVolume) throws -> InMemoryVolume {
        var header = volume.header
        header.extent = box.extent
        let affine = try #require(header.orientation?.affine)
        for row in 0..<3 {
            let steps = zip([2, 1, 0], [box.origin.z, box.origin.y, box.origin.x])
            header.orientation?.affine[row * 4 + 3] += steps.reduce(0) { $0 + affine[row * 4 + $1.0] * Double($1.1) }
        }
        return try InMemoryVolume(header: header, bytes: volume.raw(box))
    }

    @Test func `a part of the grid in any order of axes is laid where it belongs, unlabeled around it`() throws {
        let folder = try TemporaryFolder()
        var header = VolumeHeader.sample(.uint8, z: 5, y: 6, x: 7)
        header.orientation = Orientation(affine: Self.affine)
        header.spacing = Spacing(z: 2, y: 0.5, x: 0.5)
        let volume = try InMemoryVolume(header: header, values: (0..<210).map { UInt8($0) })
        let mapping = LabelMapping(classCount: 255)
        var random = Random(seed: 6)
        for order: [Axis] in [[.z, .y, .x], [.z, .x, .y], [.y, .z, .x], [.y, .x, .z], [.x, .z, .y], [.x, .y, .z]] {
            for reversed: Set<Axis> in [[], [.x], [.y, .z], [.z, .y, .x]] {
                let box = Box.random(in: header.extent, using: &random)
                let file = try stored(part(box, of: volume), order: order, reversed: reversed)
                let laid = try placed(file, on: header)
                #expect(laid.part == box && laid.outside == 210 - box.extent.voxels, "\(order) \(reversed) \(box)")
                #expect(try allBytes(laid.source) == volume.raw(box))
                let labels = try laid.labels(mapping, scratch: folder.url)
                #expect(labels.header.extent == header.extent && labels.header.orientation == header.orientation)
                for _ in 0..<4 {
                    let seen = Box.random(in: header.extent, using: &random)
                    var expected: [UInt8] = []
                    for z in seen.range(.z) {
                        for y in seen.range(.y) {
                            for x in seen.range(.x) {
                                let one = Box(origin: Voxel(z: z, y: y, x: x), extent: Extent(z: 1, y: 1, x: 1))
                                expected += box.contains(one) ? try volume.raw(one) : [255]
                            }
                        }
                    }
                    #expect(try labels.labels(seen) == expected)
                }
            }
        }
    }

    @Test func `a part between voxels or beyond the volume is none`() throws {
        let volume = try volume()
        let box = Box(origin: Voxel(z: 1, y: 2, x: 1), extent: Extent(z: 2, y: 3, x: 2))
        #expect(try part(box, of: volume).placed(on: volume.header)?.part == box)
        for (index, step) in [(3, 0.25), (11, 1.0), (11, 2.0), (7, 0.5), (3, .nan), (10, 0.5)] {
            var header = try part(box, of: volume).header
            header.orientation?.affine[index] += step
            let file = try InMemoryVolume(header: header, bytes: [UInt8](repeating: 0, count: header.byteCount))
            #expect(try file.placed(on: volume.header)?.part == nil, "\(index)")
        }
        #expect(try part(box, of: volume).placed(on: volume.header, ignoringPlace: true)?.part == nil)
    }

    @Test func `an export of a volume without a place, turned by another program, comes back`() throws {
        let plain = try volume(nil)
        let exported = try volume([-0.5, 0, 0, 0, 0, -0.5, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1])
        let turned = try stored(exported, order: [.z, .x, .y], reversed: [.x, .y])
        #expect(try allBytes(placed(turned, on: plain.header).source) == plain.bytes)
    }

    @Test(arguments: Axis.allCases)
    func `a volume that is turned has the planes of an axis as those of z`(axis: Axis) throws {
        let source = try volume()
        let turned = source.turned(axis)
        let others = Axis.allCases.filter { $0 != axis }
        #expect(turned.header.spacing[.z] == source.header.spacing[axis])
        #expect(turned.header.extent[.y] == source.header.extent[others[0]])
        for index in 0..<source.header.extent[axis] {
            let plane = try source.raw(Box(slice: SlicePosition(axis, index), of: source.header.extent))
            #expect(try turned.raw(Box(slice: SlicePosition(.z, index), of: turned.header.extent)) == plane)
        }
    }
}
