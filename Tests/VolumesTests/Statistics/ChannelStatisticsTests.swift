import Testing
import Volumes

@Suite struct ChannelStatisticsTests {
    func line(_ values: [Float]) throws -> InMemoryVolume {
        try InMemoryVolume(
            header: VolumeHeader(extent: Extent(z: 1, y: 1, x: values.count), element: .float32), values: values)
    }

    @Test(arguments: ElementType.allCases) func `statistics are those of the values`(element: ElementType) throws {
        let header = VolumeHeader(channels: 2, extent: Extent(z: 70, y: 9, x: 11), element: element)
        var random = Random(seed: 4)
        let values = (0..<header.extent.voxels * 2).map { _ in Float(Int.random(in: 0...100, using: &random)) }
        let volume = try InMemoryVolume(header: header, bytes: encode(values, as: element))
        let measured = try ChannelStatistics.measure(volume)[1]
        let own = values.suffix(header.extent.voxels).map(Double.init).sorted()
        let mean = own.reduce(0, +) / Double(own.count)
        let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)
        #expect(abs(measured.mean - mean) < 1e-9)
        #expect(abs(measured.deviation - variance.squareRoot()) < 1e-9)
        #expect(measured.minimum == own.first && measured.maximum == own.last)
        #expect(measured.low == own[Int((0.01 * Double(own.count - 1)).rounded())])
        #expect(measured.high == own[Int((0.99 * Double(own.count - 1)).rounded())])
    }

    func encode(_ values: [Float], as element: ElementType) -> [UInt8] {
        func bytes<Number>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number) { [UInt8]($0) } }
        return values.flatMap { value in
            switch element {
            case .uint8: bytes(UInt8(value))
            case .int8: bytes(Int8(value))
            case .uint16: bytes(UInt16(value))
            case .int16: bytes(Int16(value))
            case .uint32: bytes(UInt32(value))
            case .int32: bytes(Int32(value))
            case .uint64: bytes(UInt64(value))
            case .int64: bytes(Int64(value))
            case .float32: bytes(value)
            case .float64: bytes(Double(value))
            }
        }
    }

    /// A smooth image of 12×32×32 voxels with values of about 70 to 150, changed by a function of place and value.
    private func image(_ change: (Voxel, Float) -> Float) throws -> (plain: InMemoryVolume, changed: InMemoryVolume) {
        let header = VolumeHeader(extent: Extent(z: 12, y: 32, x: 32), element: .float32)
        var random = Random(seed: 2)
        var (plain, changed): ([Float], [Float]) = ([], [])
        for z in 0..<12 {
            for y in 0..<32 {
                for x in 0..<32 {
                    let value = Float((y / 8 + x / 8) % 2 == 0 ? 70 : 150) + Float(5 * random.normal())
                    plain.append(value)
                    changed.append(change(Voxel(z: z, y: y, x: x), value))
                }
            }
        }
        return (
            try InMemoryVolume(header: header, values: plain), try InMemoryVolume(header: header, values: changed)
        )
    }

    @Test(arguments: [-2000, 0, 1e6, -3.4e38, 3.4e38] as [Float])
    func `padding does not set the contrast`(value: Float) throws {
        let (plain, padded) = try image { voxel, old in voxel.y < 2 ? value : old }
        let statistics = try ChannelStatistics.measure(padded)[0]
        let typical = try #require(statistics.typical)
        let ordinary = try #require(try ChannelStatistics.measure(plain)[0].typical)
        #expect(typical.setAside == 12 * 2 * 32)
        #expect(ordinary.setAside == 0)
        #expect(abs(typical.mean - ordinary.mean) < 2)
        #expect(abs(typical.deviation - ordinary.deviation) < 1)
        #expect(statistics.low > 50 && statistics.high < 180)
        // Padding is seen beyond the image, but near it.
        let seen = try padded.scaled()
        let bounds = try padded.scaled().dropFirst(64).prefix(900)
        let (least, most) = (bounds.min() ?? 0, bounds.max() ?? 0)
        #expect(value < 50 ? seen[0] < least && seen[0] > least - 4 : seen[0] > most && seen[0] < most + 4)
    }

    @Test(arguments: [1e9, -1e5, 2000] as [Float]) func `outliers do not set the contrast`(value: Float) throws {
        let (plain, spiked) = try image { voxel, old in voxel == Voxel(z: 3, y: 4, x: 5) ? value : old }
        let typical = try #require(try ChannelStatistics.measure(spiked)[0].typical)
        let ordinary = try #require(try ChannelStatistics.measure(plain)[0].typical)
        #expect(typical.setAside == 1)
        #expect(abs(typical.mean - ordinary.mean) < 0.1 && abs(typical.deviation - ordinary.deviation) < 0.1)
    }

    @Test func `few values, a dark ground and rare bright voxels are the image`() throws {
        let mask = [Float](repeating: 0, count: 900) + [Float](repeating: 255, count: 100)
        let few: [Float] = [0, 0, 1, 2, 2, 9]
        let sparse = mask.indices.map { Float(max(0, $0 - 890)) }
        let bright = mask.indices.map { Float(max($0 % 20, 12 * ($0 - 950) + 20)) }
        for values in [mask, few, sparse, bright] {
            let statistics = try ChannelStatistics.measure(try line(values))
            #expect(statistics[0].typical?.setAside == 0, "\(values.suffix(3))")
        }
    }

    @Test func `numbers of any size are seen alike`() throws {
        var random = Random(seed: 5)
        let steps = (0..<3000).map { _ in Int(random.normal() * 20) }
        func seen(_ element: ElementType, _ bytes: [UInt8]) throws -> [Float] {
            let header = VolumeHeader(extent: Extent(z: 1, y: 1, x: 3000), element: element)
            return try InMemoryVolume(header: header, bytes: bytes).scaled()
        }
        func bytes<Number>(_ number: Number) -> [UInt8] { withUnsafeBytes(of: number) { [UInt8]($0) } }
        let usual = try seen(.int16, steps.flatMap { bytes(Int16($0)) })
        #expect(try seen(.int32, steps.flatMap { bytes(Int32(1 << 28 + $0)) }) == usual)
        // A double has no room for the last bits of these.
        for (element, large) in [
            (ElementType.int64, steps.flatMap { bytes(Int64(1 << 60 + $0)) }),
            (.uint64, steps.flatMap { bytes(UInt64(1 << 60 + $0)) }),
        ] {
            #expect(try zip(seen(element, large), usual).allSatisfy { abs($0 - $1) < 1e-6 })
        }
        #expect(try seen(.float64, steps.flatMap { bytes(1e8 + Double($0) / 64) }) == usual)
        #expect(try seen(.float64, steps.flatMap { bytes(Double($0) * 0x1p-1000) }) == usual)
        #expect(try seen(.float32, steps.flatMap { bytes(Float(1e5) + Float($0) / 64) }) == usual)
    }

    @Test func `what a channel lacks is said`() throws {
        func warnings(_ values: [Float]) throws -> [String] {
            let volume = try line(values)
            return try ChannelStatistics.measure(volume).warnings(about: volume.header)
        }
        #expect(try warnings([1, 2, 3]) == [])
        #expect(try warnings([5, 5, 5])[0].contains("every voxel has the same value, 5.0"))
        #expect(try warnings([.nan, .infinity])[0].contains("every voxel is NaN or infinite"))
        #expect(try warnings([1, .nan, 3])[0].contains("1 voxel of the image is NaN or infinite"))
        #expect(try warnings((0..<200).map { $0 == 7 ? 1e9 : Float($0) })[0].contains("padding or outliers"))
    }

    @Test func `numbers that are not finite count for nothing and become 0`() throws {
        let volume = try line([.nan, 1, 3, .infinity, -.infinity])
        let statistics = try ChannelStatistics.measure(volume)[0]
        #expect(statistics.mean == 2 && statistics.deviation == 1)
        #expect(statistics.minimum == 1 && statistics.maximum == 3)
        var values: [Float] = [.nan, 1, 3, .infinity]
        values.withUnsafeMutableBufferPointer { statistics.normalise($0) }
        #expect(values == [0, -1, 1, 0])
        let nothing = try ChannelStatistics.measure(try line([.nan]))[0]
        #expect(nothing.mean == 0 && nothing.deviation == 0)
    }
}

extension InMemoryVolume {
    /// The first channel as a network sees it.
    fileprivate func scaled() throws -> [Float] {
        let typical = try ChannelStatistics.measure(self)[0].scaling
        var values = [Float](repeating: 0, count: header.extent.voxels)
        try values.withUnsafeMutableBufferPointer {
            try readFloats(Box(extent: header.extent), scaledBy: typical, into: $0)
        }
        return values
    }
}
