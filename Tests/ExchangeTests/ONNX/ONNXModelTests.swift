import Exchange
import Foundation
import JSON
import Network
import Testing

@Suite struct ONNXModelTests {
    private func file(
        _ configuration: UNetConfiguration = UNetConfiguration(classes: 2, base: 2, levels: 2), recipe: String = "{}",
        volume: MeasuredVolume? = nil
    ) throws -> ONNXFile {
        ONNXFile(try ONNXModel(try Models.portable(configuration, recipe: recipe, volume: volume)).encoded)
    }

    @Test func `a graph has the network's layers, without outputs that are for training alone`() throws {
        let file = try file(UNetConfiguration(classes: 2, base: 2, levels: 3, deepOutputs: 2))
        #expect(file.versions == (8, 17))
        #expect(file.count("Conv") == 11)
        #expect(file.count("Relu") == 10)
        #expect(file.count("MaxPool") == 2)
        #expect(file.count("ConvTranspose") == 2)
        #expect(file.count("Concat") == 2)
        #expect(file.count("Softmax") == 1)
        #expect(file.constants["decoder.1.output.weight"] == nil)
    }

    @Test func `batch and extent may be any, channels and classes are said`() throws {
        let file = try file(UNetConfiguration(channels: 3, classes: 2, base: 2, levels: 2))
        #expect(file.input == ["batch", "3", "z", "y", "x"])
        #expect(file.output == ["batch", "2", "z", "y", "x"])
        #expect(file.properties["classes"] == #"["out","in"]"#)
        #expect(file.properties["multiple"] == "[2,2,2]")
        #expect(file.properties["spacing"] == "null")
    }

    @Test(arguments: [
        UNetConfiguration(classes: 2, base: 2, levels: 3, padding: .valid, normalization: .none),
        UNetConfiguration(classes: 2, base: 2, levels: 2, dimensions: 2, normalization: .instance),
        UNetConfiguration(
            channels: 2, classes: 2, base: 2, levels: 2, kernels: [[1, 3, 3], [3, 3, 3]], windows: [[1, 2, 2]]),
        UNetConfiguration(classes: 2, base: 2, levels: 1),
    ])
    func `every value is made once, and before it is read`(configuration: UNetConfiguration) throws {
        let file = try file(configuration)
        var known = file.constantNames.union(["image"])
        for node in file.nodes {
            #expect(known.isSuperset(of: node.inputs), "\(node)")
            #expect(known.insert(node.output).inserted, "\(node.output) is made twice")
        }
        #expect(file.nodes.last?.output == "probabilities")
    }

    @Test func `running statistics become a part of the weights`() throws {
        let model = try Models.portable()
        let file = ONNXFile(try ONNXModel(model).encoded)
        #expect(file.count("InstanceNormalization") == 0)
        let network = try model.checkpoint.makeNetwork()
        func value(_ name: String) -> Float { network.array("encoder.0.\(name)")[1] }
        let factor = value("norm0.weight") / (value("norm0.running_var") + 1e-5).squareRoot()
        let bias = value("norm0.bias") - value("norm0.running_mean") * factor
        let weights = try #require(file.constants["encoder.0.conv0.weight"])
        #expect(weights.shape == [2, 1, 3, 3, 3])
        #expect(abs(weights.values[27] - network.array("encoder.0.conv0.weight")[27] * factor) < 1e-6)
        #expect(abs(try #require(file.constants["encoder.0.conv0.bias"]).values[1] - bias) < 1e-6)
    }

    @Test(
        arguments: [
            (.instance, "{}", 6), (.batch, #"{"statistics":"current"}"#, 6), (.batch, "{}", 0), (.none, "{}", 0),
        ] as [(UNetConfiguration.Normalization, String, Int)])
    func `statistics of the image are taken where predictions take them`(
        norm: UNetConfiguration.Normalization, recipe: String, count: Int
    ) throws {
        let file = try file(UNetConfiguration(classes: 2, base: 2, levels: 2, normalization: norm), recipe: recipe)
        #expect(file.count("InstanceNormalization") == count)
    }

    @Test func `images are scaled by themselves, or as a volume with its padding`() throws {
        let measured = try file(), fixed = try file(volume: Models.padded)
        #expect(measured.count("ReduceSum") > 0 && measured.count("Log") == 0)
        #expect(fixed.count("ReduceSum") == 0 && fixed.count("Log") == 2)
        #expect(fixed.properties["intensities"]?.contains("sample") == true)
        #expect(fixed.properties["spacing"] == #"{"z":2.0,"y":0.5,"x":0.5,"unit":"micrometer"}"#)
        // The least and the greatest typical value, scaled.
        let limits = fixed.constants.values.filter { $0.shape == [1, 1, 1, 1, 1] }.map(\.values[0])
        #expect(limits.contains { abs($0 + 6.2) < 1e-5 } && limits.contains { abs($0 - 5.8) < 1e-5 })
        let all = try file(recipe: #"{"intensities":"all"}"#, volume: Models.padded)
        #expect(all.count("Log") == 0)
        #expect(all.constants.values.contains { $0.shape == [1, 1, 1, 1, 1] && $0.values == [80] })
    }

    @Test func `axes that nothing pools are not extended`() throws {
        #expect(try file(UNetConfiguration(classes: 2, base: 2, levels: 2, dimensions: 2)).count("Range") == 2)
        #expect(try file(UNetConfiguration(classes: 2, base: 2, levels: 1)).count("Range") == 0)
        let valid = UNetConfiguration(classes: 2, base: 2, levels: 2, padding: .valid, normalization: .none)
        // The extent, the crop of the encoder's features, and the cut at the end.
        #expect(try file(valid).count("Slice") == 3)
    }

    @Test func `what a graph can't do is refused by name`() throws {
        let error = #expect(throws: ExchangeError.self) {
            try Models.portable(recipe: #"{"inputs":{"smoothed":[1],"gradient":[]}}"#)
        }
        #expect(error?.description.contains("\"inputs\"") == true)
        #expect(throws: ExchangeError.self) { try Models.portable(classes: ["one"]) }
        #expect(throws: ExchangeError.self) {
            try Models.portable(UNetConfiguration(channels: 2, classes: 2, base: 2, levels: 2), volume: Models.padded)
        }
    }
}
