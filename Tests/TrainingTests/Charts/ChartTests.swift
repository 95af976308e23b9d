import Foundation
import Testing
import Training

@Suite struct ChartTests {
    private func chart(_ axis: Chart.Axis, _ lines: [Chart.Line]) -> String {
        Chart(title: "IoU & <more>", axis: axis, measure: "mean IoU", lines: lines).svg
    }

    /// The x and y of every marker of data, in order; those of the legend stand right of the plot.
    private func markers(_ svg: String) -> [(x: Double, y: Double)] {
        svg.matches(of: #/translate\(([0-9.]+) ([0-9.]+)\)" d=/#).compactMap { match in
            guard let x = Double(match.1), let y = Double(match.2), x <= 550 else { return nil }
            return (x, y)
        }
    }

    @Test func `higher values stand higher, and later ones further right`() {
        let svg = chart(
            .numbers("slices", isLogarithmic: false),
            [Chart.Line(name: "a", points: [.init(x: 4, y: 0.9), .init(x: 1, y: 0.5), .init(x: 2, y: 0.7)])])
        let places = markers(svg)
        #expect(places.count == 3)
        #expect(places.map(\.x) == places.map(\.x).sorted())
        #expect(places.map(\.y) == places.map(\.y).sorted(by: >))
        #expect(Set(places.map(\.x)).count == 3 && Set(places.map(\.y)).count == 3)
        #expect(svg.contains("<polyline"))
        #expect(svg.contains(">4</text>"))
    }

    @Test func `a logarithmic axis makes equal factors equal distances`() {
        let places = markers(
            chart(
                .numbers("seconds", isLogarithmic: true),
                [Chart.Line(name: "a", points: [10, 100, 1000].map { Chart.Point(x: $0, y: 0.5) })]))
        let (first, second) = (places[1].x - places[0].x, places[2].x - places[1].x)
        #expect(abs(first - second) < 0.2)
    }

    @Test func `a single point reaches on as a dashed line`() {
        let svg = chart(
            .numbers("seconds", isLogarithmic: true),
            [
                Chart.Line(name: "forest", points: [.init(x: 3, y: 0.8)]),
                Chart.Line(name: "net", points: [.init(x: 30, y: 0.7), .init(x: 60, y: 0.9)]),
            ])
        #expect(svg.contains("stroke-dasharray"))
        #expect(markers(svg).count == 3)
    }

    @Test func `names too long for their place are cut in the middle, so that they still differ`() {
        let names = [1, 3, 4, 6, 7, 8].map { "hippocampus_00\($0)" } + ["mean"]
        let svg = chart(
            .names(names), [Chart.Line(name: "3D, no norm, rate 0.001", points: [.init(x: 0, y: 0.4)])])
        #expect(svg.contains(">hipp…_001</text>") && svg.contains(">hipp…_008</text>"))
        #expect(svg.contains(">mean</text>"))
        #expect(svg.contains(">3D, no norm…rate 0.001</text>"))
    }

    @Test func `bars start at zero, one for each series and name`() {
        let svg = chart(
            .names(["first", "second"]),
            ["a", "b"].map { Chart.Line(name: $0, points: [.init(x: 0, y: 0.4), .init(x: 1, y: 0.8)]) })
        let heights = svg.matches(of: #/height="([0-9.]+)" fill="#[0-9a-f]{6}"><title>/#).compactMap { Double($0.1) }
        #expect(heights.count == 4)
        #expect(abs(heights[1] - 2 * heights[0]) < 0.2)
        #expect(svg.contains(">second</text>"))
    }

    @Test func `names can't break the picture`() {
        let svg = chart(
            .names(["</svg>\u{1}"]), [Chart.Line(name: #""><script>"#, points: [.init(x: 0, y: 0.4)])])
        #expect(!svg.contains("<script"))
        #expect(!svg.contains("\u{1}"))
        #expect(svg.contains("IoU &amp; &lt;more&gt;"))
        #expect(svg.components(separatedBy: "</svg>").count == 2)
    }

    @Test(arguments: [true, false]) func `nothing, and one value many times, can be drawn`(isLogarithmic: Bool) {
        let axis = Chart.Axis.numbers("x", isLogarithmic: isLogarithmic)
        for lines in [[], [Chart.Line(name: "a", points: [])], [Chart.Line(name: "a", points: [.init(x: 0, y: 0)])]] {
            let svg = chart(axis, lines)
            #expect(svg.hasPrefix("<svg") && svg.hasSuffix("</svg>\n"))
            #expect(!svg.contains("nan") && !svg.contains("inf"))
        }
        #expect(chart(.names([]), []).hasSuffix("</svg>\n"))
    }
}
