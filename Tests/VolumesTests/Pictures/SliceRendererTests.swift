import Testing
import Volumes

@Suite struct SliceRendererTests {
    @Test func `a gray slice runs from black to white over its window`() throws {
        let volume = try InMemoryVolume(
            header: VolumeHeader(extent: Extent(z: 1, y: 2, x: 2), element: .uint16),
            values: [100, 200, 300, 400] as [UInt16])
        let bytes = try SliceRenderer(windows: [200...300]).png(of: volume, slice: SlicePosition(.z, 0))
        #expect(try LabelPicture(png: bytes).values == [0, 0, 255, 255])
    }

    @Test func `a slice on each axis has its rows and columns`() throws {
        let volume = try randomVolume(.sample(.uint8, channels: 3))
        for axis in Axis.allCases {
            let renderer = SliceRenderer(channels: [1], windows: [0...255])
            let read = try LabelPicture(png: try renderer.png(of: volume, slice: SlicePosition(axis, 2)))
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

    /// Red, green and blue of the pixels of a picture: rows × columns.
    func pixels(_ renderer: SliceRenderer, _ volume: InMemoryVolume, _ axis: Axis = .z) throws -> (Int, Int, [[UInt8]])
    {
        let picture = try renderer.pixels(of: volume, slice: SlicePosition(axis, 0))
        let samples = picture.samples
        return (
            picture.rows, picture.columns, stride(from: 0, to: samples.count, by: 3).map { Array(samples[$0..<$0 + 3]) }
        )
    }

    func black(_ extent: Extent, spacing: Spacing = Spacing()) throws -> InMemoryVolume {
        let header = VolumeHeader(extent: extent, element: .uint8, spacing: spacing)
        return try InMemoryVolume(header: header, bytes: [UInt8](repeating: 0, count: extent.voxels))
    }

    static let red = Color(red: 255, green: 0, blue: 0)

    @Test func `labels without a colour are not drawn, outlines are the edges of those that are`() throws {
        let volume = try black(Extent(z: 1, y: 4, x: 4))
        let labels: [UInt8] = [1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 255, 255, 255, 0]
        var renderer = SliceRenderer(windows: [0...1], overlay: .labels(labels, colors: [nil, Self.red]), alpha: 1)
        #expect(try pixels(renderer, volume).2 == labels.map { $0 == 1 ? [255, 0, 0] : [0, 0, 0] })
        renderer.isOutlined = true
        let edge: Set<Int> = [2, 6, 8, 9, 10]
        #expect(try pixels(renderer, volume).2 == (0..<16).map { edge.contains($0) ? [255, 0, 0] : [0, 0, 0] })
    }

    @Test(arguments: [(Axis.z, 2.0, 12, 16), (.y, 2.0, 20, 16), (.x, 1.0, 10, 6), (.y, 0.5, 5, 4)])
    func `a scaled picture has its true proportions`(axis: Axis, scale: Double, rows: Int, columns: Int) throws {
        let volume = try black(Extent(z: 5, y: 6, x: 8), spacing: Spacing(z: 1, y: 0.5, x: 0.5))
        var renderer = SliceRenderer(windows: [0...1], overlay: .heat([]), alpha: 1)
        renderer.overlay = .labels(
            [UInt8](repeating: 0, count: SlicePosition(axis, 0).voxels(in: volume.header.extent)), colors: [Self.red])
        renderer.scale = scale
        let picture = try pixels(renderer, volume, axis)
        #expect(picture.0 == rows && picture.1 == columns)
        #expect(picture.2.allSatisfy { $0 == [255, 0, 0] })
        renderer.scale = 1e7
        #expect(throws: VolumeError.self) { try renderer.png(of: volume, slice: SlicePosition(axis, 0)) }
    }

    @Test func `every pixel of a scaled picture is the voxel at its place`() throws {
        let volume = try InMemoryVolume(
            header: VolumeHeader(extent: Extent(z: 1, y: 2, x: 3), element: .uint8), bytes: [0, 50, 100, 150, 200, 250])
        var renderer = SliceRenderer(windows: [0...255])
        renderer.scale = 2
        let read = try LabelPicture(png: renderer.png(of: volume, slice: SlicePosition(.z, 0)))
        let rows: [[UInt8]] = [[0, 0, 50, 50, 100, 100], [150, 150, 200, 200, 250, 250]]
        #expect(try read.values == rows[0] + rows[0] + rows[1] + rows[1])
    }

    @Test func `errors are what is too much, missed or taken for another`() throws {
        let overlay = SliceOverlay.errors(
            of: [0, 1, 0, 1, 2, 1, 0], truth: [0, 1, 1, 0, 1, 255, 2], in: [1, 2])
        guard case .labels(let kinds, let colors) = overlay else { throw VolumeError.malformed("no labels") }
        #expect(kinds == [255, 255, 1, 0, 2, 255, 1])
        #expect(colors.map { $0?.hex } == ["#d55e00", "#0072b2", "#cc79a7"])
        guard case .labels(let one, _) = SliceOverlay.errors(of: [0, 1, 2], truth: [2, 2, 1], in: [1]) else { return }
        #expect(one == [255, 0, 1])
    }

    @Test func `colours are written as they are read`() {
        #expect(Color(hex: "#e69f00")?.hex == "#e69f00")
        #expect(Color(hex: "e69f00") == nil && Color(hex: "#e69f0") == nil && Color(hex: "#+69f00") == nil)
        #expect(Set(Color.palette(14)).count == 14)
    }
}
