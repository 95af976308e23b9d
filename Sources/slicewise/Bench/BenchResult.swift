internal import Tensors

/// The time and memory of one kind of pass; scripts rely on the names in its JSON.
struct BenchResult: Encodable {
    var base: Int
    var levels: Int
    /// z, y, x of the input.
    var patch: [Int]
    var channels: Int
    var padding: String
    var precision: String
    /// `train` or `infer`.
    var pass: String
    var median: Double
    var min: Double
    var peakBytes: Int
    var layers: [OperationTime] = []

    private enum CodingKeys: String, CodingKey {
        case base, levels, patch, channels, padding, precision, pass
        case median = "median_s"
        case min = "min_s"
        case peakBytes = "peak_bytes"
    }

    static func table(_ results: [BenchResult]) -> String {
        var table = TextTable(["pass", "base", "levels", "patch", "padding", "precision", "median s", "min s", "MiB"])
        for result in results {
            table.add([
                result.pass, "\(result.base)", "\(result.levels)", result.patch.map(String.init).joined(separator: "×"),
                result.padding, result.precision, TextTable.share(result.median), TextTable.share(result.min),
                "\(result.peakBytes >> 20)",
            ])
        }
        return table.text
    }
}

extension BenchResult {
    /// One row for each operation of the pass, in the order in which they run.
    var layerTable: String {
        let total = layers.reduce(0) { $0 + $1.seconds }
        var table = TextTable(["base \(base) \(pass)", "operation", "algorithm", "ms", "GFLOP/s", "share"])
        for layer in layers {
            let rate = layer.arithmetic > 0 ? "\(Int(Double(layer.arithmetic) / layer.seconds / 1e9))" : ""
            table.add([
                layer.layer, layer.kind, layer.algorithm ?? "", "\((layer.seconds * 1e5).rounded() / 100)", rate,
                "\((layer.seconds / total * 1000).rounded() / 10) %",
            ])
        }
        return table.text
    }
}
