internal import Store
internal import Volumes

/// How the channels of the store's volumes and the classes of its projects are shown.
extension OMEChannel {
    /// The channels of an image, as its file calls and colours them, or else in the colours that the page gives them.
    static func channels(of volume: VolumeRecord) -> [OMEChannel] {
        let count = volume.header.channels
        let colors = count == 1 ? ["#ffffff"] : count == 3 ? primary : mixed
        return volume.statistics.prefix(count).enumerated().map { index, statistics in
            let range = Self.range(statistics.minimum, statistics.maximum)
            let window = statistics.low < statistics.high ? Self.range(statistics.low, statistics.high) : range
            let look = volume.header.looks.flatMap { $0.indices.contains(index) ? $0[index] : nil }
            return OMEChannel(
                name: look?.name ?? "channel \(index)", color: look?.color?.hex ?? colors[index % colors.count],
                range: range,
                window: window.lowerBound < window.upperBound
                    ? window : window.lowerBound...max(window.upperBound + 1, window.upperBound.nextUp))
        }
    }

    /// The classes of a project, or the first of them, which a model knows.
    static func classes(_ project: ProjectRecord, count: Int? = nil) -> [OMEChannel] {
        (0..<(count ?? project.classes.count)).map { index in
            guard project.classes.indices.contains(index) else {
                return OMEChannel(name: "class \(index)", color: "#808080")
            }
            return OMEChannel(name: project.classes[index].name, color: project.classes[index].color)
        }
    }

    private static func range(_ low: Double, _ high: Double) -> ClosedRange<Double> {
        low.isFinite && high.isFinite && low <= high ? low...high : 0...1
    }

    private static let primary = ["#ff0000", "#00ff00", "#0000ff"]
    private static let mixed = [
        "#ff5a36", "#3ddc5b", "#4f8dff", "#e0e0e0", "#ffb000", "#00d5ff", "#ff4fd8", "#b4ff3d",
    ]
}
