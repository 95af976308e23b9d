internal import ArgumentParser
internal import Foundation
internal import Network
internal import Tensors
internal import Volumes

/// `slicewise bench`: measures how fast this machine trains and predicts.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Time whole training steps and inferences of the network.",
        discussion: """
            A training step is forward, loss, backward and the optimizer's update of every parameter. Nothing else \
            should run on the machine meanwhile, except what --beside starts. Memory includes activations, gradients, \
            weights, the optimizer's moments and scratch.
            """)

    @Option(help: ArgumentHelp("Channels of the first convolution, one or several.", valueName: "counts"))
    var base = "16,32"

    @Option(help: "Resolution levels of the network.")
    var levels = 4

    @Option(help: ArgumentHelp("Voxels of the input along each axis, or z,y,x.", valueName: "size"))
    var patch = "64"

    @Option(help: "Channels of the image.")
    var channels = 3

    @Option(help: "same or valid; valid uses the smallest input that fits and is at least the patch.")
    var padding = UNetConfiguration.Padding.same

    @Option(help: "auto, f32, or bf16: a training step keeps activations in 16 bits.")
    var precision = "auto"

    @Option(help: "Threads. (default: every core)")
    var threads: Int?

    @Option(help: ArgumentHelp("Busy threads that run beside it, as other programs' would.", valueName: "count"))
    var beside = 0

    @Option(help: "Timed runs, after one that is not timed.")
    var runs = 5

    @Flag(help: "Also print each operation: algorithm, GFLOP/s by the direct algorithm's count, share of the pass.")
    var layers = false

    @Flag(help: "Time the preparation of patches instead of the network, by kind of augmentation.")
    var patches = false

    @Flag(help: "Print JSON instead of a table.")
    var json = false

    func validate() throws {
        guard ["auto", "f32", "bf16"].contains(precision) else {
            throw ValidationError("--precision \(precision) is not supported; auto, f32 and bf16 are.")
        }
        guard runs > 0 else { throw ValidationError("--runs must be above 0.") }
        guard (0...1024).contains(beside) else { throw ValidationError("--beside must be 0 to 1024.") }
        _ = try (bases(), extent())
    }

    func run() throws {
        let busy = BusyThreads(beside)
        defer { withExtendedLifetime(busy) {} }
        guard !patches else {
            var table = TextTable(["patch", "ms"])
            for row in try PatchBench(patch: extent(), channels: channels, runs: runs).rows() { table.add(row) }
            return print(table.text)
        }
        let engine = try Engine(threads: threads)
        var results: [BenchResult] = []
        for base in try bases() {
            let configuration = UNetConfiguration(
                channels: channels, classes: 3, base: base, levels: levels, padding: padding)
            var bench = try Bench(
                configuration, patch: extent(), runs: runs, roundsActivations: precision == "bf16", engine: engine)
            results += try [bench.training(), bench.inference()]
            guard layers else { continue }
            for result in results.suffix(2) { printLayers(of: result) }
        }
        guard json else { return print(BenchResult.table(results)) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        print(String(decoding: try encoder.encode(results), as: UTF8.self))
    }

    /// Prints to standard error, so that the output of `--json` is only JSON.
    private func printLayers(of result: BenchResult) {
        FileHandle.standardError.write(Data((result.layerTable + "\n\n").utf8))
    }

    private func bases() throws -> [Int] {
        let numbers = base.split(separator: ",").map { Int($0) ?? 0 }
        guard !numbers.isEmpty, numbers.allSatisfy({ $0 > 0 }) else {
            throw ValidationError("--base must be a list of numbers like 16,32.")
        }
        return numbers
    }

    private func extent() throws -> Extent {
        if let edge = Int(patch), edge > 0 { return Extent(z: edge, y: edge, x: edge) }
        guard let extent = Extent(argument: patch) else {
            throw ValidationError("--patch must be a number like 64, or z,y,x.")
        }
        return extent
    }
}

extension UNetConfiguration.Padding: ExpressibleByArgument {}
