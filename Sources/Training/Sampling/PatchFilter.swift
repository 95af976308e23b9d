internal import Foundation
internal import Volumes

/// Blurring, sharpening and noise on a Z×Y×X array, in loops over rows that the compiler vectorises.
enum PatchFilter {
    /// Weights of a Gaussian from its centre to three standard deviations; both sides together sum to 1.
    static func gaussian(_ sigma: Double) -> [Float] {
        guard sigma > 0.05 else { return [1] }
        let raw = (0...Int((3 * sigma).rounded(.up))).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
        let sum = 2 * raw.reduce(0, +) - raw[0]
        return raw.map { Float($0 / sum) }
    }

    /// Convolves with a Gaussian along each axis; `sigma` is z, y, x in voxels; edge voxels are repeated outwards.
    static func blur(
        _ values: UnsafeMutableBufferPointer<Float>, of extent: Extent, sigma: [Double],
        scratch: UnsafeMutableBufferPointer<Float>
    ) {
        var (source, target) = (values, scratch)
        for axis in Axis.allCases {
            let weights = gaussian(sigma[axis.place])
            guard weights.count > 1, extent[axis] > 1 else { continue }
            convolve(source, along: axis, of: extent, weights, into: target)
            swap(&source, &target)
        }
        if source.baseAddress != values.baseAddress { _ = values.update(fromContentsOf: source) }
    }

    /// Computes values + amount·(values − blurred).
    static func sharpen(
        _ values: UnsafeMutableBufferPointer<Float>, of extent: Extent, sigma: [Double], amount: Float,
        scratch: UnsafeMutableBufferPointer<Float>
    ) {
        let sharp = UnsafeMutableBufferPointer<Float>.allocate(capacity: values.count)
        defer { sharp.deallocate() }
        _ = sharp.initialize(fromContentsOf: values)
        blur(values, of: extent, sigma: sigma, scratch: scratch)
        for place in values.indices { values[place] = sharp[place] + amount * (sharp[place] - values[place]) }
    }

    /// Adds nearly normal noise: the scaled sum of four 16-bit numbers of one random word per value.
    static func addNoise(_ values: UnsafeMutableBufferPointer<Float>, deviation: Float, seed: UInt64) {
        var random = Random(seed: seed)
        // The mean of the sum of four uniform numbers 0 … 65535; its standard deviation is 37837.
        let mean: Float = 131_070
        let scale = deviation / 37_837
        for place in values.indices {
            let word = random.next()
            let sum = (word & 0xffff) &+ (word >> 16 & 0xffff) &+ (word >> 32 & 0xffff) &+ (word >> 48)
            values[place] += (Float(Int32(truncatingIfNeeded: sum)) - mean) * scale
        }
    }

    /// Convolves along one axis.
    private static func convolve(
        _ source: UnsafeMutableBufferPointer<Float>, along axis: Axis, of extent: Extent, _ weights: [Float],
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        // Neighbours along the axis are `length` values apart, so z and y work on runs of `length` values.
        let length = axis == .z ? extent.y * extent.x : axis == .y ? extent.x : 1
        let (size, reach) = (extent[axis], weights.count - 1)
        for block in 0..<extent.voxels / (length * size) {
            let start = block * length * size
            if axis == .x {
                row(source, from: start, size: size, weights, into: target)
                continue
            }
            for place in 0..<size {
                let out = start + place * length
                let middle = weights[0]
                for i in 0..<length { target[out + i] = middle * source[out + i] }
                for tap in 1...reach {
                    let low = start + max(place - tap, 0) * length
                    let high = start + min(place + tap, size - 1) * length
                    let weight = weights[tap]
                    for i in 0..<length { target[out + i] += weight * (source[low + i] + source[high + i]) }
                }
            }
        }
    }

    /// Convolves one row along x.
    private static func row(
        _ source: UnsafeMutableBufferPointer<Float>, from start: Int, size: Int, _ weights: [Float],
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        for i in 0..<size { target[start + i] = weights[0] * source[start + i] }
        let (first, last) = (source[start], source[start + size - 1])
        for tap in 1..<weights.count {
            let weight = weights[tap]
            let edge = min(tap, size)
            for i in 0..<edge { target[start + i] += weight * first }
            for i in edge..<max(size, edge) { target[start + i] += weight * source[start + i - tap] }
            for i in 0..<size - edge { target[start + i] += weight * source[start + i + tap] }
            for i in (size - edge)..<size { target[start + i] += weight * last }
        }
    }
}

extension Axis {
    /// 0 for z, 1 for y, 2 for x.
    var place: Int { self == .z ? 0 : self == .y ? 1 : 2 }
}
