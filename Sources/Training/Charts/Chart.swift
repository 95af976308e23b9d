/// A plot of a few series: lines with markers over numbers, or groups of bars over names.
package struct Chart: Hashable, Sendable {
    package struct Point: Codable, Hashable, Sendable {
        package var x: Double
        package var y: Double

        package init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }
    }

    /// A series; JSON `{"name":"random forest","points":[{"x":3.1,"y":0.85}]}`.
    ///
    /// On an axis of numbers a single point is continued to the right as a dashed line at its height.
    package struct Line: Codable, Hashable, Sendable {
        package var name: String
        package var points: [Point]

        package init(name: String, points: [Point]) {
            self.name = name
            self.points = points.sorted { $0.x < $1.x }
        }
    }

    package enum Axis: Hashable, Sendable {
        case numbers(String, isLogarithmic: Bool)
        /// Bars over the names; a point's x is the index of its name.
        case names([String])
    }

    package var title: String
    package var axis: Axis
    /// The title of the vertical axis.
    package var measure: String
    package var lines: [Line]

    package init(title: String, axis: Axis, measure: String, lines: [Line]) {
        self.title = title
        self.axis = axis
        self.measure = measure
        self.lines = lines
    }

    /// A number with at most three decimals.
    package static func text(_ value: Double) -> String {
        let rounded = (value * 1000).rounded() / 1000
        return Int(exactly: rounded).map { "\($0)" } ?? "\(rounded)"
    }

    /// Numbers with at most three decimals, padded to the same number of decimals.
    static func texts(_ values: [Double]) -> [String] {
        let texts = values.map { text($0) }
        func decimals(_ text: String) -> Int { text.split(separator: ".").dropFirst().first?.count ?? 0 }
        let most = texts.map(decimals).max() ?? 0
        return texts.map { text in
            let missing = most - decimals(text)
            return missing == 0
                ? text : text + (text.contains(".") ? "" : ".") + String(repeating: "0", count: missing)
        }
    }
}
