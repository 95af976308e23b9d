internal import JSON

/// How a channel of an image, or a class of labels, is shown.
package struct OMEChannel: Hashable, Sendable {
    package let name: String
    /// `#rrggbb`.
    package let color: String
    /// The values that occur, or could.
    package let range: ClosedRange<Double>
    /// The values that are shown black and bright.
    package let window: ClosedRange<Double>

    package init(
        name: String, color: String, range: ClosedRange<Double> = 0...65535, window: ClosedRange<Double> = 0...65535
    ) {
        self.name = name
        self.color = color
        self.range = range
        self.window = window
    }

    /// The channel in the metadata of an image.
    var omero: JSONValue {
        [
            "label": .string(name), "color": .string(color.dropFirst().uppercased()), "active": true,
            "window": [
                "min": .number(range.lowerBound), "max": .number(range.upperBound),
                "start": .number(window.lowerBound), "end": .number(window.upperBound),
            ],
        ]
    }
}
