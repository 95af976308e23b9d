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
}
