internal import HTTP
internal import Store
internal import Volumes

/// An image or labels of a volume, as its OME-Zarr has them.
struct ZarrContent: Sendable {
    let place: ZarrPlace
    /// The voxels and where they are; for `probability` those of its uncertainty, which are made of the same grid.
    let bricks: BrickContent
    /// The levels that are there, from the volume itself on.
    let levels: [Pyramid.Level]
    /// Voxels along each edge of a brick.
    let edge: Int
    /// Every byte of a chunk that is missing.
    let fill: UInt8
    /// How its channels are shown, or its classes in order.
    let legend: [OMEChannel]

    /// What its metadata say, by a name.
    func image(name: String) -> OMEImage {
        OMEImage(
            name: name, isLabels: place.isLabels, levels: levels, legend: legend,
            source: place.isLabels ? "../../" : nil)
    }

    /// The array of each level.
    var arrays: [ZarrArray] {
        let image = image(name: "")
        return levels.map { level in
            let chunk = BrickGrid(extent: level.extent, edge: edge).chunk
            return image.array(of: level, chunk: chunk, element: bricks.element, fill: fill)
        }
    }
}

extension BrickGrid {
    /// Whether it has a brick of this place, whatever numbers a client sends.
    func has(_ brick: BrickIndex) -> Bool { brick.z < counts.z && brick.y < counts.y && brick.x < counts.x }

    /// The size of a chunk: that of a whole brick, or of all there is along an axis that has less.
    var chunk: Extent {
        Extent(z: min(edge, extent.z), y: min(edge, extent.y), x: min(edge, extent.x))
    }
}
