internal import Foundation

/// How the phantom's tissue looks in each channel of a confocal stack.
struct Microscope {
    private let tissue: Tissue
    private let tubules: [Tubule]
    /// Fibres of the stroma.
    private let texture: LatticeNoise
    /// Slow changes of brightness over the field.
    private let shading: LatticeNoise
    /// Grain of the cells, and dirt in the lumen.
    private let grain: LatticeNoise
    private var random: Random

    init(_ tissue: Tissue, tubules: [Tubule], radius: Double, using random: inout Random) {
        self.tissue = tissue
        self.tubules = tubules
        let flat = 1 / tissue.anisotropy
        func noise(_ cell: Double) -> LatticeNoise {
            LatticeNoise(
                extent: tissue.extent, cell: Point(z: max(cell * flat, 1), y: cell, x: cell), using: &random)
        }
        texture = noise(max(radius * 0.6, 2))
        shading = noise(max(radius * 5, 20))
        grain = noise(2)
        self.random = Random(seed: random.next())
    }

    /// The detector's counts of one channel: the stain's light, blurred, dimmed with depth, with offset and shot noise.
    mutating func picture(of channel: Int) -> [UInt16] {
        let extent = tissue.extent
        var light = [Float](repeating: 0, count: extent.voxels)
        var fibre = [Float](repeating: 0, count: extent.x)
        var shade = fibre
        var dirt = fibre
        for z in 0..<extent.z {
            let dim = Float(exp(-0.6 * Double(z) / Double(extent.z)))
            for y in 0..<extent.y {
                texture.row(z: z, y: y, into: &fibre)
                shading.row(z: z, y: y, into: &shade)
                grain.row(z: z, y: y, into: &dirt)
                let row = (z * extent.y + y) * extent.x
                for x in 0..<extent.x {
                    light[row + x] =
                        dim * (1 + 0.35 * shade[x])
                        * glow(of: channel, at: row + x, fibre: fibre[x], dirt: dirt[x])
                }
            }
        }
        GaussianBlur(deviation: Point(z: 1.1, y: 0.7, x: 0.7)).apply(to: &light, extent: extent)
        return expose(light)
    }

    /// The light that a voxel emits; `fibre` and `dirt` are from -1 to 1.
    private func glow(of channel: Int, at index: Int, fibre: Float, dirt: Float) -> Float {
        let kind = tissue.classes[index]
        let nucleus = tissue.nuclei[index]
        let ridge = max(1 - 5 * abs(fibre), 0)
        let owner = Int(tissue.owner[index])
        let stain = kind == 2 || owner < 0 ? 1 : Float(tubules[owner].stains[channel])
        switch (channel, kind) {
        case (0, 0): return 0.17 + 0.08 * fibre + 0.05 * dirt
        case (0, 1):
            let depth = tissue.depth[index]
            let inner = max(1 - abs(depth - Float(tubules[owner].lumen)) / 0.13, 0)
            let outer = max(1 - abs(1 - depth) / 0.09, 0)
            return stain * (0.22 + 0.6 * inner + 0.42 * outer) * (1 + 0.25 * dirt) * (1 - 0.5 * nucleus)
        case (0, _): return 0.17 + 0.05 * fibre + 0.2 * ridge * (1 + 0.5 * dirt) + 0.05 * dirt
        case (1, 0): return 0.06 + 0.03 * dirt
        case (1, 1): return 0.1 + 0.85 * nucleus
        case (1, _): return 0.08 + 0.03 * fibre + 0.85 * nucleus
        case (_, 0): return 0.26 + 0.1 * fibre + 0.16 * dirt
        case (_, 1): return stain * (0.42 + 0.1 * dirt) * (1 - 0.35 * nucleus)
        default: return 0.27 + 0.12 * fibre + 0.12 * dirt - 0.1 * nucleus
        }
    }

    /// Converts light to counts of a 12-bit detector, with noise that is the sum of four uniform numbers.
    private mutating func expose(_ light: [Float]) -> [UInt16] {
        var state = random.next()
        return light.map { light in
            state &+= 0x9e37_79b9_7f4a_7c15
            var word = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
            word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
            word ^= word >> 31
            let sum = Float(word & 0xffff) + Float(word >> 16 & 0xffff) + Float(word >> 32 & 0xffff) + Float(word >> 48)
            let normal = (sum / 65536 - 2) * 1.732
            let clean = max(light, 0)
            let counts = 110 + 2400 * clean + normal * (170 * clean.squareRoot() + 35)
            return UInt16(min(max(counts, 0), 4095))
        }
    }
}
