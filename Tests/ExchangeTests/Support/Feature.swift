/// Features of an image, C×Z×Y×X, with PyTorch's layers as plain loops.
struct Feature {
    var channels: Int
    var extent: [Int]
    var values: [Float]

    var voxels: Int { extent.reduce(1, *) }

    /// A convolution with zeros beyond the edges that keeps the extent.
    func convolved(_ weights: [Float], _ bias: [Float]?, outputs: Int, kernel: [Int]) -> Feature {
        var result = Feature(channels: outputs, extent: extent, values: [])
        for output in 0..<outputs {
            for z in 0..<extent[0] {
                for y in 0..<extent[1] {
                    for x in 0..<extent[2] {
                        var sum = bias?[output] ?? 0
                        for input in 0..<channels {
                            for (place, weight) in kernelPlaces(kernel).enumerated() {
                                let at = (z + weight[0], y + weight[1], x + weight[2])
                                sum +=
                                    value(input, at)
                                    * weights[((output * channels) + input) * kernel.reduce(1, *) + place]
                            }
                        }
                        result.values.append(sum)
                    }
                }
            }
        }
        return result
    }

    private func kernelPlaces(_ kernel: [Int]) -> [[Int]] {
        (0..<kernel[0]).flatMap { z in
            (0..<kernel[1]).flatMap { y in
                (0..<kernel[2]).map { x in [z - kernel[0] / 2, y - kernel[1] / 2, x - kernel[2] / 2] }
            }
        }
    }

    private func value(_ channel: Int, _ at: (z: Int, y: Int, x: Int)) -> Float {
        guard (0..<extent[0]).contains(at.z), (0..<extent[1]).contains(at.y), (0..<extent[2]).contains(at.x) else {
            return 0
        }
        return values[((channel * extent[0] + at.z) * extent[1] + at.y) * extent[2] + at.x]
    }

    /// Every value of a channel times a factor, and an offset.
    func scaled(_ factors: [Float], _ offsets: [Float]) -> Feature {
        map { channel, value in value * factors[channel] + offsets[channel] }
    }

    var rectified: Feature { map { max($1, 0) } }

    func map(_ change: (_ channel: Int, _ value: Float) -> Float) -> Feature {
        var result = self
        for place in values.indices { result.values[place] = change(place / voxels, values[place]) }
        return result
    }

    /// The largest value of each window.
    func pooled(_ window: [Int]) -> Feature {
        resampled(zip(extent, window).map { $0 / $1 }) { channel, z, y, x in
            var largest = -Float.infinity
            for dz in 0..<window[0] {
                for dy in 0..<window[1] {
                    for dx in 0..<window[2] {
                        largest = max(
                            largest, value(channel, (z * window[0] + dz, y * window[1] + dy, x * window[2] + dx)))
                    }
                }
            }
            return largest
        }
    }

    /// Each voxel repeated.
    func repeated(_ window: [Int]) -> Feature {
        resampled(zip(extent, window).map { $0 * $1 }) { channel, z, y, x in
            value(channel, (z / window[0], y / window[1], x / window[2]))
        }
    }

    private func resampled(_ size: [Int], _ value: (Int, Int, Int, Int) -> Float) -> Feature {
        var result = Feature(channels: channels, extent: size, values: [])
        for channel in 0..<channels {
            for z in 0..<size[0] {
                for y in 0..<size[1] { for x in 0..<size[2] { result.values.append(value(channel, z, y, x)) } }
            }
        }
        return result
    }

    /// The channels of this, and those of another behind them.
    func joined(_ other: Feature) -> Feature {
        Feature(channels: channels + other.channels, extent: extent, values: values + other.values)
    }
}
