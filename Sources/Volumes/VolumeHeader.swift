/// All that is known of a volume but its voxels.
package struct VolumeHeader: Codable, Hashable, Sendable {
    package var channels: Int
    package var extent: Extent
    package var element: ElementType
    package var spacing: Spacing
    /// Where the volume lies in the world, if its file says.
    package var orientation: Orientation?

    package init(
        channels: Int = 1, extent: Extent, element: ElementType, spacing: Spacing = Spacing(),
        orientation: Orientation? = nil
    ) {
        self.channels = channels
        self.extent = extent
        self.element = element
        self.spacing = spacing
        self.orientation = orientation
    }

    /// Bytes of all voxels of all channels.
    package var byteCount: Int { channels * extent.voxels * element.size }

    /// The same grid in the world with another content, as a prediction has.
    package func with(element: ElementType, channels: Int = 1) -> VolumeHeader {
        VolumeHeader(
            channels: channels, extent: extent, element: element, spacing: spacing, orientation: orientation)
    }
}
