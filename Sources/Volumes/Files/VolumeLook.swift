/// How a program that opens a file should show its values at first, in formats that can say it.
package struct VolumeLook: Hashable, Sendable {
    /// The colour of each value of a uint8 volume with one channel.
    package var colors: [Color]
    /// The name of each of these values.
    package var names: [String]
    /// The values that are shown black and white.
    package var range: ClosedRange<Double>?

    package init(colors: [Color] = [], names: [String] = [], range: ClosedRange<Double>? = nil) {
        self.colors = colors
        self.names = names
        self.range = range
    }

    /// Of classes: each value in its class's colour.
    package static func labels(_ colors: [Color], names: [String] = []) -> VolumeLook {
        VolumeLook(colors: colors, names: names, range: 0...255)
    }

    /// Of probabilities and uncertainties.
    package static let share = VolumeLook(range: 0...1)
}
