internal import Foundation
internal import Training

/// The folder of an experiment: its results so far, from which an interrupted experiment continues.
struct ExperimentFolder {
    /// The saved state; it is used only for the same plan on the same files.
    private struct State: Codable {
        var plan: ExperimentPlan
        var sources: [String]
        var results: [TrialResult]
    }

    private let folder: URL
    private let plan: ExperimentPlan
    private let sources: [String]
    private let others: [Chart.Line]
    /// The results of an earlier, interrupted call.
    let results: [TrialResult]

    init(_ path: String, plan: ExperimentPlan, sources: [String], others: [Chart.Line]) throws {
        folder = URL(filePath: path, directoryHint: .isDirectory)
        self.plan = plan
        self.sources = sources
        self.others = others
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let saved = FileManager.default.contents(atPath: folder.appending(path: "state.json").path)
            .flatMap { try? JSONDecoder().decode(State.self, from: $0) }
        if let saved, saved.plan == plan, saved.sources == sources {
            results = saved.results
        } else {
            results = []
        }
    }

    /// Writes the result files and the state to continue from.
    func write(_ results: [TrialResult], warnings: [String]) throws {
        let result = ExperimentResult(plan, results, warnings: warnings)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(encoder.encode(result), "result.json")
        try write(Data(result.markdown.utf8), "table.md")
        try write(Data(result.chart(with: others).svg.utf8), "plot.svg")
        try write(encoder.encode(State(plan: plan, sources: sources, results: results)), "state.json")
    }

    private func write(_ data: Data, _ name: String) throws {
        try data.write(to: folder.appending(path: name), options: .atomic)
    }

    /// The table for a terminal.
    func table(of results: [TrialResult]) -> String {
        let result = ExperimentResult(plan, results)
        var table = TextTable([""] + result.series.map(\.name))
        let labels = result.series.max { $0.points.count < $1.points.count }?.points.map(\.label) ?? []
        for label in labels {
            table.add(
                [label]
                    + result.series.map { series in
                        TextTable.share(series.points.first { $0.label == label }?.meanIoU)
                    })
        }
        if result.series.contains(where: { $0.meanIoU != nil }) {
            table.add(["mean"] + result.series.map { TextTable.share($0.meanIoU) })
        }
        return table.text
    }
}
