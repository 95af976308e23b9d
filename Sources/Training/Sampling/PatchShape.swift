package import Volumes

/// What a patch looks like to a training pass.
package struct PatchShape: Hashable, Sendable {
    /// Voxels that the network sees.
    package var image: Extent
    /// Those in the centre of its output that the loss sees.
    package var labels: Extent

    package init(image: Extent, labels: Extent) {
        self.image = image
        self.labels = labels
    }
}
