internal import Foundation
internal import Network
internal import Training
internal import Volumes

/// An image of random numbers, and the probabilities that Slicewise itself computes for it.
struct TestTensors {
    /// NPY files: 1×C×Z×Y×X and 1×K×Z×Y×X.
    let input: Data
    let output: Data

    init(_ model: PortableModel, extent: Extent, engine: any ComputeEngine) throws {
        let network = model.checkpoint.configuration
        let header = VolumeHeader(channels: network.channels, extent: extent, element: .float32)
        let values = Self.values(header, like: model.volume)
        let image = try InMemoryVolume(header: header, values: values)
        var recipe = model.recipe
        recipe.testTimeMirror = .fixed([])
        recipe.spacing = .own
        if model.volume == nil { recipe.intensities = .all }
        // Memory without end, so that there is one tile.
        let predictor = try Predictor(model: model.checkpoint, recipe: recipe, engine: engine, memory: 1 << 50)
        var probabilities: [Float] = []
        _ = try predictor.predict(
            image, statistics: try model.volume?.statistics ?? ChannelStatistics.measure(image),
            sink: { probabilities = $2 })
        let sizes = [extent.z, extent.y, extent.x]
        input = Data(NPY.encode(shape: [1, network.channels] + sizes, values: values))
        output = Data(NPY.encode(shape: [1, network.classes] + sizes, values: probabilities))
    }

    /// Noise in which neighbours on x are alike, about as bright and as contrasty as the volume if there is one.
    private static func values(_ header: VolumeHeader, like volume: MeasuredVolume?) -> [Float] {
        var random = Random(seed: 1)
        var values: [Float] = []
        values.reserveCapacity(header.channels * header.extent.voxels)
        for channel in 0..<header.channels {
            let scale = volume?.statistics[channel].scaling
            let (mean, deviation) = (scale?.mean ?? 1000, scale?.deviation ?? 100)
            var before = 0.0
            for _ in 0..<header.extent.voxels {
                before = 0.8 * before + Double.random(in: -1...1, using: &random)
                values.append(Float(mean + deviation * before))
            }
        }
        return values
    }
}
