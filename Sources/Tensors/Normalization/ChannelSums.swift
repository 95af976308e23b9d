/// Σz and Σz² of each channel of each sample, computed by a convolution for the normalisation after it.
package final class ChannelSums {
    let padded: Int
    private let samples: Int
    private let values: UnsafeMutablePointer<Double>

    init(samples: Int, channels: Int, engine: Engine) {
        self.samples = samples
        padded = engine.padded(channels)
        values = .allocate(capacity: samples * 2 * padded)
        values.initialize(repeating: 0, count: samples * 2 * padded)
    }

    deinit { values.deallocate() }

    func sums(_ sample: Int) -> UnsafeMutablePointer<Double> { values + sample * 2 * padded }
    func squares(_ sample: Int) -> UnsafeMutablePointer<Double> { sums(sample) + padded }
}
