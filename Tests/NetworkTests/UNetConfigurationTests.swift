import Network
import Tensors
import Testing

@Suite struct UNetConfigurationTests {
    private let paper = UNetConfiguration(channels: 3, classes: 3, base: 32, levels: 4, padding: .valid)

    @Test func `the paper's network has its number of parameters`() {
        var plain = paper
        plain.normalization = .none
        #expect(plain.parameterCount == 19_069_955)
        #expect(paper.parameterCount == 19_072_291)
    }

    @Test func `valid padding maps 132×132×116 to 44×44×28`() throws {
        let input = Shape(channels: 3, depth: 116, height: 132, width: 132)
        let output = try paper.outputShape(for: input)
        #expect(output == Shape(channels: 3, depth: 28, height: 44, width: 44))
        #expect(paper.inputShape(covering: output) == input)
    }

    @Test func `an extent that pooling does not divide is refused with one that fits`() throws {
        var same = paper
        same.padding = .same
        #expect(throws: NetworkError.shape("the network cannot take a height of 60 voxels; 64 would fit")) {
            try same.outputShape(for: Shape(channels: 3, depth: 64, height: 60, width: 64))
        }
    }

    @Test(arguments: [1, 2, 3, 4], [2, 3])
    func `the smallest input that covers an output is legal`(levels: Int, dimensions: Int) throws {
        for padding in [UNetConfiguration.Padding.same, .valid] {
            let network = UNetConfiguration(classes: 2, levels: levels, dimensions: dimensions, padding: padding)
            for size in [1, 5, 20, 33] {
                let wanted = Shape(channels: 2, depth: size, height: size, width: size + 1)
                let output = try network.outputShape(for: network.inputShape(covering: wanted))
                #expect(zip(output.extent, wanted.extent).allSatisfy { $0 >= $1 })
            }
        }
    }

    @Test func `a 2D network keeps every z slice apart`() throws {
        let flat = UNetConfiguration(classes: 2, levels: 3, dimensions: 2)
        #expect(flat.halo.z == 0)
        #expect(flat.multiple == (z: 1, y: 4, x: 4))
        let output = try flat.outputShape(for: Shape(channels: 1, depth: 7, height: 8, width: 12))
        #expect(output.depth == 7)
    }

    /// Pools z only below the second level, and spans it only from there on.
    private let flatFirst = UNetConfiguration(
        classes: 2, levels: 3, kernels: [[1, 3, 3], [3, 3, 3], [3, 3, 3]], windows: [[1, 2, 2], [2, 2, 2]])

    @Test func `kernels and windows of each level decide extents`() throws {
        #expect(flatFirst.multiple == (z: 2, y: 4, x: 4))
        // Level 2: 2 convolutions of reach 1; level 1: (2·2 + 1) + 4; level 0 leaves z as it is.
        #expect(flatFirst.halo == (z: 9, y: 23, x: 23))
        var valid = flatFirst
        valid.padding = .valid
        // z: 10 | 10−4 | 3 … too small; 18 | 14 | 7 → 3 → 6−4 = 2.
        let output = try valid.outputShape(for: Shape(channels: 1, depth: 18, height: 44, width: 44))
        #expect(output == Shape(channels: 2, depth: 2, height: 4, width: 4))
        let uniform = UNetConfiguration(
            classes: 2, levels: 2, kernels: [[3, 3, 3], [3, 3, 3]], windows: [[2, 2, 2]])
        #expect(uniform == UNetConfiguration(classes: 2, levels: 2))
    }

    @Test(
        arguments: [
            ([[1, 3, 3]], nil), ([[2, 3, 3], [3, 3, 3]], nil), (nil, [[2, 2]]), (nil, [[4, 2, 2]]),
            (nil, [[1, 2, 2], [2, 2, 2]]),
        ] as [([[Int]]?, [[Int]]?)])
    func `sizes that are no network's are refused`(kernels: [[Int]]?, windows: [[Int]]?) {
        let network = UNetConfiguration(classes: 2, levels: 2, kernels: kernels, windows: windows)
        #expect(throws: NetworkError.self) { try network.validate() }
    }

    @Test func `metadata gives the configuration back`() throws {
        let networks = [
            paper, flatFirst,
            UNetConfiguration(classes: 5, base: 8, levels: 2, dimensions: 2, normalization: .instance),
            UNetConfiguration(classes: 2, normalization: .none), UNetConfiguration(classes: 2, deepOutputs: 3),
        ]
        for network in networks { #expect(try UNetConfiguration(metadata: network.metadata) == network) }
    }

    @Test func `outputs of more coarser levels than there are, are refused`() {
        for count in [-1, 3] {
            #expect(throws: NetworkError.self) {
                try UNetConfiguration(classes: 2, levels: 3, deepOutputs: count).validate()
            }
        }
    }

    @Test(arguments: ["1x3x3", "3x3x3 3x3", "3x3x3 axbxc 3x3x3", "3x3x3 3x3x3 5x5x5"])
    func `metadata with sizes that make no network is refused`(text: String) {
        var metadata = flatFirst.metadata
        metadata["kernels"] = text
        #expect(throws: NetworkError.self) { try UNetConfiguration(metadata: metadata) }
    }

    @Test(arguments: ["classes", "base", "levels", "in_channels"])
    func `metadata without a number it needs is refused by name`(key: String) {
        for value in [nil, "many", "-3", "99999999999999999999"] as [String?] {
            var metadata = paper.metadata
            metadata[key] = value
            #expect(throws: NetworkError.self) { try UNetConfiguration(metadata: metadata) }
        }
    }

    @Test func `the decoder reaches as far about the centre as its convolutions see, on a common centre`() {
        func extents(_ depth: Int, _ centre: Int, levels: Int = 3, padding: UNetConfiguration.Padding = .same) -> [Int]?
        {
            UNetConfiguration(classes: 2, levels: levels, padding: padding).decoderExtents(
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
