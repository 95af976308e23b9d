package import Foundation
package import Volumes

/// An image in a project.
package struct VolumeRecord: Hashable, Identifiable, Sendable {
    package let id: Int64
    /// The project's `id`.
    package let project: Int64
    package let name: String
    /// Of the image.
    package let header: VolumeHeader
    package let image: GridID
    /// A dense ground truth: one channel of uint8 on the same grid.
    package let truth: GridID?
    /// One for each channel.
    package let statistics: [ChannelStatistics]
    /// Of the file as it was sent, in lower-case hexadecimal digits.
    package let sha256: String
    /// Of the file as it was sent.
    package let bytes: Int
    package let created: Date
}
