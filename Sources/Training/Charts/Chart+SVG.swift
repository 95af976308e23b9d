extension Chart {
    /// The area of the data in the picture.
    private static let left = 64.0
    private static let right = 550.0
    private static let top = 48.0
    private static let bottom = 380.0
    /// Okabe and Ito 2008, "Color Universal Design", without yellow, which is too faint on white.
    private static let colors = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]

    /// The plot as an SVG picture.
    package var svg: String {
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 440\" width=\"760\" height=\"440\" "
                + "font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\" role=\"img\">",
            "<title>\(Self.escaped(title))</title>",
            "<rect width=\"760\" height=\"440\" fill=\"#fff\"/>",
            Self.text(title, x: Self.left, y: 26, more: "font-size=\"16\" font-weight=\"bold\""),
        ]
        let heights = lines.flatMap(\.points).map(\.y)
        switch axis {
        case .names(let names):
            let vertical = ChartScale.heights(heights, fromZero: true, start: Self.bottom, end: Self.top)
            parts += frame(vertical) + bars(over: names, vertical)
        case .numbers(let name, let isLogarithmic):
            let vertical = ChartScale.heights(heights, fromZero: false, start: Self.bottom, end: Self.top)
            let horizontal = ChartScale.numbers(
                lines.flatMap(\.points).map(\.x), isLogarithmic: isLogarithmic, start: Self.left, end: Self.right)
            parts += frame(vertical) + ticks(horizontal, name)
            for (number, line) in lines.enumerated() { parts += curve(line, number, horizontal, vertical) }
        }
        for (number, line) in lines.enumerated() { parts += legend(line.name, number) }
        return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    /// The vertical axis with its grid, and the base line.
    private func frame(_ vertical: ChartScale) -> [String] {
        var parts = zip(vertical.ticks, Chart.texts(vertical.ticks)).flatMap { tick, text in
            [
                Self.line(Self.left, vertical(tick), Self.right, vertical(tick), "stroke=\"#ddd\""),
                Self.text(text, x: Self.left - 8, y: vertical(tick) + 4, more: "text-anchor=\"end\""),
            ]
        }
        parts.append(Self.line(Self.left, Self.bottom, Self.right, Self.bottom, "stroke=\"#222\""))
        parts.append(Self.line(Self.left, Self.top, Self.left, Self.bottom, "stroke=\"#222\""))
        let middle = Self.number((Self.top + Self.bottom) / 2)
        parts.append(
            "<text text-anchor=\"middle\" transform=\"translate(18 \(middle)) rotate(-90)\">"
                + "\(Self.escaped(measure))</text>")
        return parts
    }

    private func ticks(_ horizontal: ChartScale, _ name: String) -> [String] {
        let marks = horizontal.ticks.flatMap { tick in
            [
                Self.line(horizontal(tick), Self.bottom, horizontal(tick), Self.bottom + 5, "stroke=\"#222\""),
                Self.text(Chart.text(tick), x: horizontal(tick), y: Self.bottom + 20, more: "text-anchor=\"middle\""),
            ]
        }
        let middle = (Self.left + Self.right) / 2
        return marks + [Self.text(name, x: middle, y: Self.bottom + 44, more: "text-anchor=\"middle\"")]
    }

    private func curve(
        _ line: Line, _ number: Int, _ horizontal: ChartScale, _ vertical: ChartScale
    ) -> [String] {
        let color = Self.color(number)
        var parts: [String] = []
        if let point = line.points.first, line.points.count == 1 {
            parts.append(
                Self.line(
                    horizontal(point.x), vertical(point.y), Self.right, vertical(point.y),
                    "stroke=\"\(color)\" stroke-width=\"1.5\" stroke-dasharray=\"6 4\""))
        } else {
            let positions = line.points.map { "\(Self.number(horizontal($0.x))),\(Self.number(vertical($0.y)))" }
            parts.append(
                "<polyline points=\"\(positions.joined(separator: " "))\" fill=\"none\" stroke=\"\(color)\" "
                    + "stroke-width=\"2\"/>")
        }
        return parts
            + line.points.map { point in
                Self.marker(
                    number, horizontal(point.x), vertical(point.y),
                    hint: "\(line.name): \(Chart.text(point.y)) at \(Chart.text(point.x))")
            }
    }

    private func bars(over names: [String], _ vertical: ChartScale) -> [String] {
        let group = (Self.right - Self.left) / Double(max(names.count, 1))
        let bar = group * 0.8 / Double(max(lines.count, 1))
        var parts = names.enumerated().map { index, name in
            Self.text(
                Self.shortened(name, to: Int(group / 7)), x: Self.left + (Double(index) + 0.5) * group,
                y: Self.bottom + 20, more: "text-anchor=\"middle\"")
        }
        for (number, line) in lines.enumerated() {
            for point in line.points {
                let x = Self.left + point.x * group + group * 0.1 + Double(number) * bar
                let y = vertical(point.y)
                parts.append(
                    "<rect x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" width=\"\(Self.number(bar * 0.92))\" "
                        + "height=\"\(Self.number(Self.bottom - y))\" fill=\"\(Self.color(number))\">"
                        + "<title>\(Self.escaped("\(line.name): \(Chart.text(point.y))"))</title></rect>")
                if bar >= 26 {
                    parts.append(
                        Self.text(
                            Chart.text((point.y * 100).rounded() / 100), x: x + bar * 0.46, y: y - 4,
                            more: "text-anchor=\"middle\" font-size=\"11\""))
                }
            }
        }
        return parts
    }

    private func legend(_ name: String, _ number: Int) -> [String] {
        let y = Self.top + 12 + 22 * Double(number)
        return [
            Self.marker(number, Self.right + 24, y - 4, hint: name),
            Self.text(Self.shortened(name, to: 22), x: Self.right + 36, y: y),
        ]
    }

    /// A marker with one of four shapes, so that series differ not only in colour.
    private static func marker(_ number: Int, _ x: Double, _ y: Double, hint: String) -> String {
        let shapes = [
            "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z", "M-4 -4h8v8h-8z", "M0 -5l5 9h-10z", "M0 -5l5 5l-5 5l-5 -5z",
        ]
        return "<path transform=\"translate(\(self.number(x)) \(self.number(y)))\" d=\"\(shapes[number % 4])\" "
            + "fill=\"\(color(number))\"><title>\(escaped(hint))</title></path>"
    }

    private static func color(_ number: Int) -> String { colors[number % colors.count] }

    private static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
        "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" \(style)/>"
    }

    private static func text(_ text: String, x: Double, y: Double, more: String = "") -> String {
        "<text x=\"\(number(x))\" y=\"\(number(y))\"\(more.isEmpty ? "" : " " + more)>\(escaped(text))</text>"
    }

    private static func number(_ value: Double) -> String { Chart.text((value * 10).rounded() / 10) }

    /// Shortens a text in the middle, as names often differ at their ends.
    private static func shortened(_ text: String, to count: Int) -> String {
        let kept = max(count, 4) - 1
        return text.count <= kept + 1 ? text : text.prefix((kept + 1) / 2) + "…" + text.suffix(kept / 2)
    }

    /// Writes XML's special characters as entities and drops control characters, which XML cannot represent.
    private static func escaped(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0.value >= 0x20 })
            .replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
