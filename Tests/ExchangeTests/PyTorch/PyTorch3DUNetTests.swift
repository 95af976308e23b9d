import Exchange
import Foundation
import JSON
import Network
import Tensors
import TestSupport
import Testing
import Training

@Suite struct PyTorch3DUNetTests {
    private static let options = #"{"name":"UNet3D","layer_order":"cbr","final_sigmoid":false}"#

    private func checkpoint(
        _ file: SafeTensors, _ options: String = options, classes: [String] = ["out", "in"],
        for names: [String] = ["out", "in"]
    ) throws -> Checkpoint {
        try ForeignModel(
            file: try file.encoded(), layout: .pytorch3DUNet, description: try JSONValue(json: Data(options.utf8)),
            classes: classes, intensities: .all
        ).checkpoint(classes: names)
    }

    /// The probabilities that Slicewise computes, and those that the layers of pytorch-3dunet give.
    private func compare(
        _ net: ForeignNet, _ checkpoint: Checkpoint, extent: [Int], _ expected: (Feature) -> Feature
    ) throws {
        var generator = SeededGenerator(seed: 2)
        let image = Feature(
            channels: 1, extent: extent, values: generator.floats(extent.reduce(1, *), in: -2...2))
        let shape = Shape(batch: 1, channels: 1, depth: extent[0], height: extent[1], width: extent[2])
        let pass = try Engine(threads: 1).makeInference(
            of: try checkpoint.makeNetwork(), input: shape, statistics: .running)
        _ = pass.input.update(fromContentsOf: image.values)
        #expect(try pass.run { _ in true })
        let wanted = expected(try net.result(net.tensors(), of: image)).values
        #expect(pass.probabilities.count == wanted.count)
        let worst = zip(pass.probabilities, wanted).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 1e-4)
    }

    private func softmax(_ logits: Feature) -> Feature {
        var result = logits
        for voxel in 0..<logits.voxels {
            let places = (0..<logits.channels).map { $0 * logits.voxels + voxel }
            let shares = places.map { exp(logits.values[$0]) }
            for (place, share) in zip(places, shares) { result.values[place] = share / shares.reduce(0, +) }
        }
        return result
    }

    @Test func `a network gives the probabilities that it gives in pytorch-3dunet`() throws {
        let net = ForeignNet()
        let checkpoint = try checkpoint(net.tensors())
        #expect(checkpoint.configuration.levels == 3 && checkpoint.configuration.base == 2)
        try compare(net, checkpoint, extent: [4, 8, 4], softmax)
    }

    @Test func `without a norm, in two dimensions and with other windows it does, too`() throws {
        let plain = ForeignNet(levels: 2, isNormal: false, window: [1, 2, 2])
        let options = #"{"name":"UNet3D","layer_order":"cr","final_sigmoid":false,"pool_kernel_size":[1,2,2]}"#
        try compare(plain, try checkpoint(plain.tensors(), options), extent: [3, 4, 6], softmax)
        let flat = ForeignNet(levels: 2, kernel: [1, 3, 3], window: [1, 2, 2], isPlanar: true)
        let planar = #"{"name":"UNet2D","layer_order":"cbr","final_sigmoid":false,"is3d":false}"#
        let found = try checkpoint(flat.tensors(), planar)
        #expect(found.configuration.dimensions == 2)
        try compare(flat, found, extent: [2, 4, 6], softmax)
    }

    @Test func `the sigmoid of one output becomes two classes`() throws {
        let net = ForeignNet(levels: 2, outputs: 1)
        let options = #"{"name":"UNet3D","layer_order":"cbr"}"#
        try compare(net, try checkpoint(net.tensors(), options), extent: [4, 4, 4]) { logits in
            let shares = logits.map { 1 / (1 + exp(-$1)) }
            return shares.map { 1 - $1 }.joined(shares)
        }
    }

    @Test func `classes come in the project's order`() throws {
        let file = ForeignNet(levels: 2).tensors()
        let same = try checkpoint(file).makeNetwork(),
            turned = try checkpoint(file, classes: ["in", "out"]).makeNetwork()
        #expect(same.array("output.bias") == turned.array("output.bias").reversed())
        #expect(throws: ExchangeError.self) { try checkpoint(file, classes: ["in", "else"]) }
        #expect(throws: ExchangeError.self) { try checkpoint(file, classes: ["in", "in"]) }
    }

    @Test func `names with the same beginning are known without it`() throws {
        let net = ForeignNet(levels: 2)
        var file = net.tensors()
        file.tensors = Dictionary(uniqueKeysWithValues: file.tensors.map { ("module.\($0)", $1) })
        let found = try checkpoint(file), plain = try checkpoint(net.tensors())
        #expect(found.encoded == plain.encoded)
    }

    @Test func `the recipe says how images are scaled`() throws {
        let found = try checkpoint(ForeignNet(levels: 2).tensors())
        let recipe = try Recipe(stored: Data(try #require(found.metadata["recipe"]).utf8))
        #expect(recipe.intensities == .all && recipe.base == .fixed(2) && recipe.testTimeMirror == .fixed([]))
    }

    @Test(arguments: [
        (#"{"name":"ResidualUNet3D"}"#, "ResidualUNet3D"), (#"{"layer_order":"cbr"}"#, "\"name\": null"),
        (#"{"name":"UNet3D"}"#, "\"gcr\""), (#"{"name":"UNet3D","layer_order":"cbl"}"#, "\"cbl\""),
        (#"{"name":"UNet3D","layer_order":"cbr","upsample":"trilinear"}"#, "trilinear"),
        (#"{"name":"UNet3D","layer_order":"cbr","pool_type":"avg"}"#, "avg"),
        (#"{"name":"UNet3D","layer_order":"cbr","pool_kernel_size":3}"#, "pool_kernel_size"),
        (#"{"name":"UNet3D","layer_order":"cbr","conv_padding":0,"final_sigmoid":false}"#, "padding"),
        (#"{"name":"UNet3D","layer_order":"cbr","attention":true}"#, "\"attention\""),
        (#"{"name":"UNet3D","layer_order":"cbr"}"#, "\"final_sigmoid\": false"), ("[]", "an array"),
    ])
    func `what has no counterpart is refused by its name`(options: String, words: String) throws {
        let error = #expect(throws: (any Error).self) { try checkpoint(ForeignNet(levels: 2).tensors(), options) }
        #expect("\(error.map { "\($0)" } ?? "")".contains(words), "\(String(describing: error))")
    }

    @Test func `tensors that are missing, of other shapes or too many are named`() throws {
        func refusal(_ change: (inout SafeTensors) -> Void) throws -> String {
            var file = ForeignNet(levels: 2).tensors()
            change(&file)
            let changed = file
            let error = #expect(throws: ExchangeError.self) { try checkpoint(changed) }
            return error?.description ?? ""
        }
        let name = "decoders.0.basic_module.SingleConv1.batchnorm.bias"
        #expect(try refusal { $0.tensors[name] = nil }.contains(name))
        let weights = "encoders.1.basic_module.SingleConv2.conv.weight"
        #expect(
            try refusal { $0.tensors[weights] = $0.tensors["encoders.1.basic_module.SingleConv1.conv.weight"] }
                .contains("\"\(weights)\" has shape [4, 4, 3, 3, 3]"))
        #expect(
            try refusal { $0.tensors["attention.weight"] = $0.tensors["final_conv.bias"] }
                .contains("\"attention.weight\" has no place"))
    }

    @Test func `a network of nnU-Net is refused with the first tensor that has no place`() throws {
        var file = SafeTensors()
        let zeros = [Float](repeating: 0, count: 32 * 32 * 27)
        for (name, shape) in [
            ("encoder.stages.0.0.convs.0.conv.weight", [32, 1, 3, 3, 3]),
            ("encoder.stages.0.0.convs.1.conv.weight", [32, 32, 3, 3, 3]),
        ] {
            zeros.withUnsafeBufferPointer {
                file.set(name, shape: shape, UnsafeBufferPointer(rebasing: $0[..<shape.reduce(1, *)]))
            }
        }
        let refusal = ForeignModel.refusal(of: try file.encoded()) ?? ""
        #expect(refusal.contains("\"encoder.stages.0.0.convs.1.conv.weight\" has 32 outputs and 32 inputs"))
        #expect(
            ForeignModel.refusal(of: try ForeignNet().tensors().encoded())?.contains("layout=pytorch-3dunet") == true)
    }
}
