import Network
import Tensors
import Testing

@Suite struct NetworkGraphTests {
    private let paper = UNetConfiguration(channels: 3, classes: 3, base: 32, levels: 4, padding: .valid)
    /// Pools z only below the second level, and spans it only from there on.
    private let flatFirst = UNetConfiguration(
        classes: 2, levels: 3, kernels: [[1, 3, 3], [3, 3, 3], [3, 3, 3]], windows: [[1, 2, 2], [2, 2, 2]])

    @Test func `tensors have the names, shapes and order of weights files`() {
        let graph = UNetConfiguration(channels: 3, classes: 4, base: 8, levels: 2, deepOutputs: 1).graph
        func convolution(_ path: String, _ index: Int, _ inputs: Int, _ outputs: Int) -> [String] {
            [
                "\(path).conv\(index).weight [\(outputs), \(inputs), 3, 3, 3]",
                "\(path).norm\(index).weight [\(outputs)]", "\(path).norm\(index).bias [\(outputs)]",
            ]
        }
        let learned =
            convolution("encoder.0", 0, 3, 8) + convolution("encoder.0", 1, 8, 16)
            + convolution("encoder.1", 0, 16, 16) + convolution("encoder.1", 1, 16, 32)
            + ["decoder.0.up.weight [32, 32, 2, 2, 2]"]
            + convolution("decoder.0", 0, 48, 16) + convolution("decoder.0", 1, 16, 16)
            + [
                "output.weight [4, 16, 1, 1, 1]", "output.bias [4]", "encoder.1.output.weight [4, 32, 1, 1, 1]",
                "encoder.1.output.bias [4]",
            ]
        #expect(graph.learned.map { "\($0.name) \($0.shape)" } == learned)
        #expect(
            graph.running.map { "\($0.name) \($0.shape)" }.prefix(3) == [
                "encoder.0.norm0.running_mean [8]", "encoder.0.norm0.running_var [8]",
                "encoder.0.norm1.running_mean [16]",
            ])
        #expect(graph.running.count == 12)
    }

    @Test func `without normalisation, convolutions have a bias and nothing runs along`() {
        let graph = UNetConfiguration(classes: 2, base: 4, levels: 1, normalization: .none).graph
        #expect(
            graph.learned.map(\.name) == [
                "encoder.0.conv0.weight", "encoder.0.conv0.bias", "encoder.0.conv1.weight", "encoder.0.conv1.bias",
                "output.weight", "output.bias",
            ])
        #expect(graph.running.isEmpty)
    }

    @Test func `a network keeps its parameters in the graph's order`() throws {
        let graph = UNetConfiguration(classes: 2, base: 2, levels: 3, deepOutputs: 2).graph
        let parameters = try UNet(zeros: graph.configuration).parameters
        #expect(parameters.entries.map(\.name) == (graph.learned + graph.running).map(\.name))
        #expect(parameters.learnedCount == graph.parameterCount)
    }

    @Test func `weights begin with the deviation that their fan in asks for, norms as identities`() {
        let graph = paper.graph
        func start(_ name: String) -> GraphTensor.Start? {
            (graph.learned + graph.running).first { $0.name == name }?.start
        }
        #expect(start("encoder.0.conv1.weight") == .random(deviation: (2.0 / (32 * 27)).squareRoot()))
        #expect(start("decoder.2.up.weight") == .random(deviation: (1.0 / 512).squareRoot()))
        #expect(start("output.weight") == .random(deviation: (1.0 / 64).squareRoot()))
        #expect(start("encoder.0.norm0.weight") == .constant(1) && start("encoder.0.norm0.bias") == .constant(0))
        #expect(start("encoder.0.norm0.running_var") == .constant(1))
    }

    @Test func `nodes read earlier ones alone, and each but the outputs is read`() {
        let graph = UNetConfiguration(classes: 3, levels: 4, deepOutputs: 3).graph
        for (place, node) in graph.nodes.enumerated() {
            #expect(node.id == place && node.inputs.allSatisfy { $0 < place })
            let isOutput = [.output, .deepOutput].contains(node.operation)
            #expect(graph.nodes.contains { $0.inputs.contains(place) } != isOutput, "\(node.name)")
        }
        #expect(graph.nodes.filter { $0.operation == .concatenation }.map(\.inputs.count) == [2, 2, 2])
    }

    @Test func `the shapes of all nodes follow from the input's`() throws {
        let shapes = try #require(paper.graph.shapes(for: Shape(channels: 3, depth: 116, height: 132, width: 132)))
        let depths = Dictionary(uniqueKeysWithValues: zip(paper.graph.nodes.map(\.name), shapes.map(\.depth)))
        // The paper's figure, along z.
        let expected = [
            "encoder.0.conv1": 112, "encoder.0.pool": 56, "encoder.1.conv1": 52, "encoder.2.conv1": 22,
            "encoder.3.conv1": 7, "decoder.2.up": 14, "decoder.2.concat": 14, "decoder.0.up": 32, "output": 28,
        ]
        for (name, depth) in expected { #expect(depths[name] == depth, "\(name)") }
        #expect(shapes.last == Shape(channels: 3, depth: 28, height: 44, width: 44))
        #expect(paper.graph.shapes(for: Shape(channels: 3, depth: 115, height: 132, width: 132)) == nil)
    }

    @Test func `the paper's network has its number of parameters`() {
        var plain = paper
        plain.normalization = .none
        #expect(plain.graph.parameterCount == 19_069_955)
        #expect(paper.graph.parameterCount == 19_072_291)
    }

    @Test func `valid padding maps 132×132×116 to 44×44×28`() throws {
        let input = Shape(channels: 3, depth: 116, height: 132, width: 132)
        let output = try paper.graph.outputShape(for: input)
        #expect(output == Shape(channels: 3, depth: 28, height: 44, width: 44))
        #expect(paper.graph.inputShape(covering: output) == input)
    }

    @Test func `an extent that pooling does not divide is refused with one that fits`() throws {
        var same = paper
        same.padding = .same
        #expect(throws: NetworkError.shape("the network cannot take a height of 60 voxels; 64 would fit")) {
            try same.graph.outputShape(for: Shape(channels: 3, depth: 64, height: 60, width: 64))
        }
    }

    @Test(arguments: [1, 2, 3, 4], [2, 3])
    func `the smallest input that covers an output is legal`(levels: Int, dimensions: Int) throws {
        for padding in [UNetConfiguration.Padding.same, .valid] {
            let network = UNetConfiguration(
                classes: 2, levels: levels, dimensions: dimensions, padding: padding
            ).graph
            for size in [1, 5, 20, 33] {
                let wanted = Shape(channels: 2, depth: size, height: size, width: size + 1)
                let output = try network.outputShape(for: network.inputShape(covering: wanted))
                #expect(zip(output.extent, wanted.extent).allSatisfy { $0 >= $1 })
            }
        }
    }

    @Test func `a 2D network keeps every z slice apart`() throws {
        let flat = UNetConfiguration(classes: 2, levels: 3, dimensions: 2).graph
        #expect(flat.halo.z == 0)
        #expect(flat.multiple == (z: 1, y: 4, x: 4))
        let output = try flat.outputShape(for: Shape(channels: 1, depth: 7, height: 8, width: 12))
        #expect(output.depth == 7)
    }

    @Test func `kernels and windows of each level decide extents`() throws {
        #expect(flatFirst.graph.multiple == (z: 2, y: 4, x: 4))
        // Level 2: 2 convolutions of reach 1; level 1: (2·2 + 1) + 4; level 0 leaves z as it is.
        #expect(flatFirst.graph.halo == (z: 9, y: 23, x: 23))
        var valid = flatFirst
        valid.padding = .valid
        // z: 10 | 10−4 | 3 … too small; 18 | 14 | 7 → 3 → 6−4 = 2.
        let output = try valid.graph.outputShape(for: Shape(channels: 1, depth: 18, height: 44, width: 44))
        #expect(output == Shape(channels: 2, depth: 2, height: 4, width: 4))
    }

    @Test func `the decoder reaches as far about the centre as its convolutions see, on a common centre`() {
        func extents(_ depth: Int, _ centre: Int, levels: Int = 3, padding: UNetConfiguration.Padding = .same) -> [Int]?
        {
            UNetConfiguration(classes: 2, levels: levels, padding: padding).graph.decoderExtents(
                for: Shape(channels: 1, depth: depth, height: 32, width: 32), centre: [centre, 32, 32]
            )?.map { $0[0] }
        }
        #expect(extents(24, 8) == [8, 8])
        #expect(extents(20, 8) == [8, 10])
        #expect(extents(48, 8, levels: 4) == [8, 8, 8])
        #expect(extents(24, 24) == [24, 12])
        #expect(extents(24, 7) == nil && extents(24, 6) == nil && extents(24, 26) == nil)
        #expect(extents(24, 8, padding: .valid) == nil)
    }
}
