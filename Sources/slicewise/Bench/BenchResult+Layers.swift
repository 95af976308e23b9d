internal import Tensors

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
