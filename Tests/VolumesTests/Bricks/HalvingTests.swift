import Testing
import Volumes

@Suite struct HalvingTests {
    private func halved<Value: VoxelValue>(
        _ values: [Value], _ extent: Extent, _ axes: Set<Axis>, _ halving: Halving = .mean
    ) throws -> [Value] {
        let header = VolumeHeader(extent: extent, element: Value.element)
        let source = try InMemoryVolume(header: header, values: values)
        var smaller = extent
        for axis in axes { smaller[axis] = (extent[axis] + 1) / 2 }
        let bytes = try halving.read(Box(extent: smaller), channel: 0, from: source, halving: axes)
        return bytes.withUnsafeBytes { Array($0.bindMemory(to: Value.self)) }
    }

    /// Pairs along x.
    private func pairs<Value: VoxelValue>(_ values: [Value], _ halving: Halving = .mean) throws -> [Value] {
        try halved(values, Extent(z: 1, y: 1, x: values.count), [.x], halving)
    }

    @Test func `means are rounded to the nearest integer, halves to the even one`() throws {
        #expect(try pairs([0, 1, 1, 2, 2, 3, 254, 255, 255, 255] as [UInt8]) == [0, 2, 2, 254, 255])
        #expect(try pairs([-1, 0, -2, -1, -3, -2, -128, -128] as [Int8]) == [0, -2, -2, -128])
        #expect(try pairs([65535, 65534, 65535, 65535] as [UInt16]) == [65534, 65535])
        #expect(try pairs([.min, .min, .max, .max] as [Int32]) == [.min, .max])
        #expect(try pairs([.max, .max, .max, .max - 2] as [UInt64]) == [.max, .max - 1])
        #expect(try pairs([.min, .min, .min, .max] as [Int64]) == [.min, 0])
        // 1/4, 2/4, 3/4 and 6/4 of four, 4/8 and 12/8 of eight.
        let plane = Extent(z: 1, y: 2, x: 8)
        #expect(
            try halved([1, 0, 1, 1, 1, 1, 2, 2, 0, 0, 0, 0, 1, 0, 2, 0] as [UInt8], plane, [.y, .x]) == [0, 0, 1, 2])
        let cube = Extent(z: 2, y: 2, x: 2)
        #expect(try halved([1, 1, 1, 1, 0, 0, 0, 0] as [UInt8], cube, [.z, .y, .x]) == [0])
        #expect(try halved([2, 2, 2, 2, 1, 1, 1, 1] as [UInt8], cube, [.z, .y, .x]) == [2])
    }

    @Test func `the last voxels of an odd axis are the mean of those that are there`() throws {
        #expect(try pairs([1, 3, 9] as [UInt8]) == [2, 9])
        #expect(
            try halved([1, 3, 9, 3, 5, 2, 8, 8, 8] as [UInt16], Extent(z: 1, y: 3, x: 3), [.y, .x]) == [3, 6, 8, 8])
        #expect(try halved([1, 2, 3, 4, 5, 6] as [UInt16], Extent(z: 3, y: 1, x: 2), [.z]) == [2, 3, 5, 6])
    }

    @Test func `voxels that are no numbers are left out of means`() throws {
        let mean = try pairs([1, .nan, .infinity, 3, -.infinity, .nan, 1, 2] as [Float])
        #expect(mean[0] == 1 && mean[1] == 3 && mean[2].isNaN && mean[3] == 1.5)
        let large = Double.greatestFiniteMagnitude
        #expect(try pairs([large, large, -large, large, 1e-300, 1e-300]) == [large, 0, 1e-300])
        let cube = try halved([1, 2, 3, 4, 5, 6, 7, .nan] as [Float], Extent(z: 2, y: 2, x: 2), [.z, .y, .x])
        #expect(cube == [4])
    }

    @Test func `of labels the first voxel is taken`() throws {
        #expect(try pairs([3, 1, 255, 0, 7] as [UInt8], .first) == [3, 255, 7])
        let labels = try halved(Array(0..<27) as [UInt8], Extent(z: 3, y: 3, x: 3), [.z, .y, .x], .first)
        #expect(labels == [0, 2, 6, 8, 18, 20, 24, 26])
    }

    @Test(arguments: ElementType.allCases, [Halving.mean, .first])
    func `a box of a level has the voxels of the whole level there`(element: ElementType, halving: Halving) throws {
        let source = try randomVolume(.sample(element, channels: 2, z: 9, y: 11, x: 13))
        let extent = source.header.extent
        for axes in [[], [.x], [.z, .y], [.z, .y, .x]] as [Set<Axis>] {
            var smaller = extent
            for axis in axes { smaller[axis] = (extent[axis] + 1) / 2 }
            let header = VolumeHeader(channels: 1, extent: smaller, element: element)
            let bytes = try halving.read(Box(extent: smaller), channel: 1, from: source, halving: axes)
            let whole = try InMemoryVolume(header: header, bytes: bytes)
            var random = Random(seed: 3)
            for _ in 0..<10 {
                let box = Box.random(in: smaller, using: &random)
                #expect(try halving.read(box, channel: 1, from: source, halving: axes) == whole.raw(box))
            }
            // Random floats are NaN or infinite now and then.
            if axes.isEmpty, !element.isFloatingPoint {
                #expect(try whole.bytes == source.raw(Box(extent: extent), channel: 1))
            }
        }
    }
}
