import Testing
import Volumes

@Suite struct SliceRendererTests {
    @Test func `a gray slice runs from black to white over its window`() throws {
        let volume = try InMemoryVolume(
            header: VolumeHeader(extent: Extent(z: 1, y: 2, x: 2), element: .uint16),
            values: [100, 200, 300, 400] as [UInt16])
        let bytes = try SliceRenderer(windows: [200...300]).png(of: volume, slice: SlicePosition(.z, 0))
        #expect(try PNG.decodeLabels(bytes).values == [0, 0, 255, 255])
    }

    @Test func `a slice on each axis has its rows and columns`() throws {
        let volume = try randomVolume(.sample(.uint8, channels: 3))
        for axis in Axis.allCases {
            let renderer = SliceRenderer(channels: [1], windows: [0...255])
            let read = try PNG.decodeLabels(try renderer.png(of: volume, slice: SlicePosition(axis, 2)))
            let (rows, columns) = volume.header.extent.slice(on: axis)
            #expect(read.rows == rows && read.columns == columns)
            #expect(
                try read.values == volume.raw(Box(slice: SlicePosition(axis, 2), of: volume.header.extent), channel: 1))
        }
    }

    @Test func `a slice or channel that is not there is refused with those that are`() throws {
        let volume = try randomVolume(.sample(.uint8))
        #expect(throws: VolumeError.unsupported("there is no slice 5 on axis z of this volume; the slices are 0 to 4"))
        {
            _ = try SliceRenderer(windows: [0...1]).png(of: volume, slice: SlicePosition(.z, 5))
        }
        #expect(throws: VolumeError.self) {
            _ = try SliceRenderer(channels: [1], windows: [0...1]).png(of: volume, slice: SlicePosition(.z, 0))
        }
    }

    @Test func `overlays and composites are colour pictures`() throws {
        let volume = try randomVolume(.sample(.uint16, channels: 3))
        var renderer = SliceRenderer(statistics: try ChannelStatistics.measure(volume))
        #expect(renderer.channels == [0, 1, 2])
        for overlay in [
            nil, SliceOverlay.labels([UInt8](repeating: 255, count: 42), colors: Color.palette(2)),
            .heat([Float](repeating: 0.5, count: 42)),
        ] {
            renderer.overlay = overlay
            let bytes = try renderer.png(of: volume, slice: SlicePosition(.z, 0))
            #expect(PNG.recognises(bytes) && bytes[25] == 2)
        }
        renderer.overlay = .heat([])
        #expect(throws: VolumeError.self) { _ = try renderer.png(of: volume, slice: SlicePosition(.z, 0)) }
    }

    @Test func `colours are written as they are read`() {
        #expect(Color(hex: "#e69f00")?.hex == "#e69f00")
        #expect(Color(hex: "e69f00") == nil && Color(hex: "#e69f0") == nil && Color(hex: "#+69f00") == nil)
        #expect(Set(Color.palette(14)).count == 14)
    }
}
