/// Scale and shift of each channel in normalisation, y = z·scale + shift, and the statistics they come from.
///
/// One set for a whole batch, or one for each sample; channels are padded with zeros to whole blocks.
package final class ScaleShift {
    /// The number of sets: 1, or the batch size if each sample has its own statistics.
    package let groups: Int
    let padded: Int
    let scale: Buffer
    let shift: Buffer
    let mean: Buffer
    /// 1 / √(variance + ε).
    let inverse: Buffer

    package init(channels: Int, groups: Int, arena: Arena, engine: Engine) {
        self.groups = groups
        padded = engine.padded(channels)
        scale = arena.reserve(groups * padded)
        shift = arena.reserve(groups * padded)
        mean = arena.reserve(groups * padded)
        inverse = arena.reserve(groups * padded)
    }

    var buffers: [Buffer] { [scale, shift, mean, inverse] }

    /// Makes all values zero, as the padding must be.
    func clear() { for buffer in buffers { buffer.values.update(repeating: 0, count: buffer.count) } }

    /// The index of a sample's first value.
    func offset(of sample: Int) -> Int { groups == 1 ? 0 : sample * padded }
}
