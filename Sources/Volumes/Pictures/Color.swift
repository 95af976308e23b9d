internal import Text

/// An sRGB colour with 8 bits per component.
package struct Color: Codable, Hashable, Sendable {
    package var red: UInt8
    package var green: UInt8
    package var blue: UInt8

    package init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    package static let black = Color(red: 0, green: 0, blue: 0)
    package static let white = Color(red: 255, green: 255, blue: 255)

    /// From "#e69f00"; `nil` for anything else.
    package init?(hex: String) {
        guard hex.utf8.count == 7, hex.hasPrefix("#"), let number = UInt32(hex.dropFirst(), radix: 16),
            hex.dropFirst().allSatisfy(\.isHexDigit)
        else { return nil }
        self.init(
            red: UInt8(number >> 16), green: UInt8(truncatingIfNeeded: number >> 8),
            blue: UInt8(truncatingIfNeeded: number))
    }

    /// As "#e69f00".
    package var hex: String {
        "#" + [red, green, blue].hexadecimal
    }

    /// `count` colours that people with any kind of colour vision can tell apart.
    ///
    /// Okabe and Ito 2008, "Color Universal Design", without black; from the eighth on the same colours, darker.
    package static func palette(_ count: Int) -> [Color] {
        let colors = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"]
            .compactMap(Color.init(hex:))
        return (0..<max(count, 0)).map { index in
            let color = colors[index % colors.count]
            let share = 1 / (1 + 0.6 * Double(index / colors.count))
            return Color(
                red: UInt8(Double(color.red) * share), green: UInt8(Double(color.green) * share),
                blue: UInt8(Double(color.blue) * share))
        }
    }

    /// A colour between this one and another; `share` 1 is the other.
    func mixed(with other: Color, share: Double) -> Color {
        let mix = { (a: UInt8, b: UInt8) in UInt8((Double(a) + (Double(b) - Double(a)) * share).rounded()) }
        return Color(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
    }
}
