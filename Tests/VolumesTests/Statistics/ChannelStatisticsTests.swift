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
