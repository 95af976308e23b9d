import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct PhantomTests {
    let extent = Extent(z: 24, y: 96, x: 80)

    @Test func `the same seed gives the same voxels, another others`() throws {
        let first = try Phantom(extent: extent, seed: 7).make()
        let again = try Phantom(extent: extent, seed: 7).make()
        let other = try Phantom(extent: extent, seed: 8).make()
        #expect(first.image.bytes == again.image.bytes && first.truth.bytes == again.truth.bytes)
        #expect(first.truth.bytes != other.truth.bytes)
        #expect(first.image.header.channels == 3 && first.image.header.element == .uint16)
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>) func `each class has its share`(seed: UInt64) throws {
        let truth = try Phantom(extent: extent, seed: seed).make().truth
        for label in UInt8(0)...2 {
            let share = Double(truth.bytes.count { $0 == label }) / Double(truth.bytes.count)
            #expect((0.06...0.75).contains(share), "class \(label): \(share)")
        }
    }

    @Test(arguments: [(1, 1, 1), (1, 40, 30), (5, 8, 200)]) func `any size is possible`(
        z: Int, y: Int, x: Int
    ) throws {
        let made = try Phantom(extent: Extent(z: z, y: y, x: x), channels: 1).make()
        #expect(made.image.header.extent == made.truth.header.extent)
        #expect(made.truth.bytes.allSatisfy { $0 <= 2 })
    }

    @Test func `no threshold on a channel tells lumen and stroma apart`() throws {
        let (image, truth) = try Phantom(extent: extent, seed: 3).make()
        let box = Box(extent: extent)
        for channel in 0..<3 {
            let values = try image.floats(box, channel: channel)
            let lumen = zip(values, truth.bytes).filter { $0.1 == 0 }.map(\.0).sorted()
            let stroma = zip(values, truth.bytes).filter { $0.1 == 2 }.map(\.0).sorted()
            let best =
                stride(from: Float(0), to: 4095, by: 20).map { threshold in
                    let below = Double(lumen.count { $0 < threshold }) / Double(lumen.count)
                    let above = Double(stroma.count { $0 >= threshold }) / Double(stroma.count)
                    return max(below + above, 2 - below - above) / 2
                }.max() ?? 1
            #expect(best < 0.85, "channel \(channel): \(best)")
        }
    }

    /// Set PHANTOM_OUT to a folder to get pictures of the phantom to look at.
    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["PHANTOM_OUT"] != nil,
            "PHANTOM_OUT names no folder for the pictures"))
    func `pictures can be looked at`() throws {
        let out = URL(fileURLWithPath: ProcessInfo.processInfo.environment["PHANTOM_OUT"] ?? "")
        let clock = ContinuousClock()
        let start = clock.now
        let (image, truth) = try Phantom(extent: Extent(z: 64, y: 248, x: 244)).make()
        print("the phantom took \(clock.now - start)")
        let statistics = try ChannelStatistics.measure(image)
        for (axis, index) in [(Axis.z, 10), (.z, 50), (.y, 120)] {
            for channels in [[0], [1], [2], [0, 1, 2]] {
                var renderer = SliceRenderer(statistics: statistics, channels: channels)
                let name = "\(axis)\(index)-\(channels.map(String.init).joined())"
                try Data(renderer.png(of: image, slice: SlicePosition(axis, index)))
                    .write(to: out.appendingPathComponent("\(name).png"))
                renderer.overlay = .labels(
                    try truth.labels(slice: SlicePosition(axis, index)), colors: Color.palette(3))
                try Data(renderer.png(of: image, slice: SlicePosition(axis, index)))
                    .write(to: out.appendingPathComponent("\(name)-labels.png"))
            }
        }
    }
}
