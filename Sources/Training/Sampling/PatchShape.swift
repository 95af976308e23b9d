package import Volumes

/// The extents of a patch in a training pass.
package struct PatchShape: Hashable, Sendable {
    /// Voxels that the network sees.
    package var image: Extent
    /// Voxels in the centre of its output that the loss is computed on.
    package var labels: Extent

    package init(image: Extent, labels: Extent) {
        self.image = image
        self.labels = labels
    }

    /// The shape with its edges in ascending order, which those have in common that differ by the order of their axes.
    var ordered: PatchShape {
        func ordered(_ extent: Extent) -> Extent {
            let edges = [extent.z, extent.y, extent.x].sorted()
            return Extent(z: edges[0], y: edges[1], x: edges[2])
        }
        return PatchShape(image: ordered(image), labels: ordered(labels))
    }
}
