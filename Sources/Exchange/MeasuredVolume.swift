package import Volumes

/// A volume's name, spacing and intensities.
package struct MeasuredVolume: Hashable, Sendable {
    package let name: String
    package let spacing: Spacing
    package let statistics: [ChannelStatistics]

    package init(name: String, spacing: Spacing, statistics: [ChannelStatistics]) {
        self.name = name
        self.spacing = spacing
        self.statistics = statistics
    }
}
