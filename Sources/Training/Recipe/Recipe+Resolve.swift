package import Network
internal import Tensors
package import Volumes

extension Recipe {
    /// The recipe with every `auto` that depends on the training volumes replaced by its value.
    ///
    /// - Spacing: `common` is the median; what follows is of the volumes as they are seen at it.
    /// - Levels: the preset's number, at most as many as leave the largest volume two voxels at the coarsest resolution
    ///   on every axis longer than 1 that is pooled (20 planes allow 4 levels, 5 planes allow 2).
    /// - Pooling and kernels: see `Anisotropy`.
    /// - Patch: the preset's size, cut if the volume is shorter, each axis a multiple of the total pooling; or
    ///   as `sampling.shape` says.
    ///   A network of two dimensions takes single planes, three times as wide, with about as many voxels.
    /// - Mirror: all axes.
    /// - Rotation by 15° and scaling by 10 % where a patch holds the whole volume: its voxels are seen in every step, and
    ///   their places would be learned by heart.
    /// - Transpose: see `transposed`.
    ///
    /// Test-time mirroring stays `auto`, since it depends on the predicted volume; precision is left to the engine.
    package func resolved(for volumes: [VolumeHeader], classes: Int) throws(TrainingError) -> Recipe {
        guard let first = volumes.first else { throw .nothingToLearn("There is no volume to learn from.") }
        if let other = volumes.first(where: { $0.channels != first.channels }) {
            throw .mismatch(
                "All volumes of a training must have the same number of channels; these have \(first.channels) and "
                    + "\(other.channels).")
        }
        var recipe = self
        recipe.spacing = spacing.resolved(for: volumes)
        let volumes = try recipe.grids(of: volumes)
        let extent = Recipe.extent(of: volumes)
        var aim = preset.aim
        if dimensions == 2 { aim.patch = Extent(z: 1, y: 3 * aim.patch.y, x: 3 * aim.patch.x) }
        let width = base.value ?? aim.base
        recipe.base = .fixed(width)
        let spacing = Anisotropy.spacing(volumes)
        func shape(_ levels: Int) -> Anisotropy {
            Anisotropy(spacing: spacing, extent: extent, levels: levels, dimensions: dimensions)
        }
        let given = levels.value ?? pooling.value.map { $0.count + 1 } ?? kernels.value?.count
        let depth = given ?? min(aim.levels, pooling == .auto ? shape(7).levels : deepest(extent))
        recipe.levels = .fixed(depth)
        let fitting = shape(depth)
        if pooling == .auto {
            let missing = depth - fitting.levels
            recipe.pooling = .fixed(fitting.windows + Array(repeating: [1, 1, 1], count: max(missing, 0)))
        }
        if kernels == .auto {
            let last = fitting.kernels.last ?? [3, 3, 3]
            let missing = depth - fitting.kernels.count
            recipe.kernels = .fixed(fitting.kernels + Array(repeating: last, count: max(missing, 0)))
        }
        if augmentation.mirror == .auto { recipe.augmentation.mirror = .fixed(Axis.allCases) }
        let network = try recipe.configuration(channels: first.channels, classes: classes).graph
        if let given = patch.value {
            recipe.patch = .fixed(network.patch(given, in: extent))
        } else {
            let plan = PatchPlan(network: network, extent: extent, spacing: spacing)
            recipe.patch = .fixed(plan.patch(aim.patch, shape: sampling.shape))
        }
        let isWhole = recipe.patch.value.map { patch in Axis.allCases.allSatisfy { patch[$0] >= extent[$0] } } ?? false
        if augmentation.rotation == .auto { recipe.augmentation.rotation = .fixed(isWhole ? 15 : 0) }
        if augmentation.scale == .auto {
            recipe.augmentation.scale = .fixed(isWhole ? .init(low: 0.9, high: 1.1) : .init(low: 1, high: 1))
        }
        recipe.augmentation.transpose = .fixed(try recipe.transposed(for: volumes, network: network, isWhole: isWhole))
        return recipe
    }

    /// The extent of patches for the slices of each axis, if the recipe asks for slabs.
    func slabs(for volumes: [VolumeHeader], patch: Extent, network: NetworkGraph) -> [Axis: Extent] {
        guard let thickness = sampling.slab else { return [:] }
        let plan = PatchPlan(
            network: network, extent: Recipe.extent(of: volumes), spacing: Anisotropy.spacing(volumes))
        return Dictionary(
            uniqueKeysWithValues: Axis.allCases.map { ($0, plan.slab(thickness, along: $0, of: patch)) })
    }

    /// The shapes of the patches that a training by this resolved recipe draws for slices on the given axes, those near a
    /// volume's edges left out, and whether only a band of such a patch is learned from.
    package func patchShapes(
        for volumes: [VolumeHeader], classes: Int, slicesOn axes: Set<Axis>
    ) throws(TrainingError) -> [PatchShape: Bool] {
        guard let patch = patch.value else { return [:] }
        let network = try configuration(channels: volumes.first?.channels ?? 1, classes: classes).graph
        let slabs = slabs(for: try grids(of: volumes), patch: patch, network: network)
        let bands = bands(of: slabs, patch: patch, network: network)
        var shapes: [PatchShape: Bool] = [:]
        for axis in axes {
            let image = slabs[axis] ?? patch
            var labels = try network.output(for: image)
            if let band = bands[axis] { labels[axis] = band }
            for order in Axis.orders(exchanging: augmentation.transpose.value ?? [], in: image, normal: axis) {
                let shape = PatchShape(image: image.transposed(to: order), labels: labels.transposed(to: order))
                shapes[shape] = bands[axis] != nil
            }
        }
        return shapes
    }

    /// The number of voxels around a slice of each axis that are computed at full resolution, if the network can.
    ///
    /// None if other slices that cross a patch hold many of its labels, most of which would lie outside the band; none
    /// if a slice may be rotated out of its plane, since it would leave the band.
    func bands(of slabs: [Axis: Extent], patch: Extent, network: NetworkGraph) -> [Axis: Int] {
        guard let band = sampling.band, !augmentation.warps || augmentation.turn == .slice else { return [:] }
        var bands: [Axis: Int] = [:]
        for axis in Axis.allCases {
            let input = (slabs[axis] ?? patch).shape(channels: network.configuration.channels)
            var centre = input.extent
            let breadth = Axis.allCases.filter { $0 != axis }.map { centre[$0.place] }.min() ?? 0
            guard band < centre[axis.place], breadth >= 3 * centre[axis.place] else { continue }
            centre[axis.place] = band
            if network.decoderExtents(for: input, centre: centre) != nil { bands[axis] = band }
        }
        return bands
    }

    /// The largest extent of the volumes along each axis.
    private static func extent(of volumes: [VolumeHeader]) -> Extent {
        var extent = Extent(z: 1, y: 1, x: 1)
        for volume in volumes {
            for axis in Axis.allCases { extent[axis] = max(extent[axis], volume.extent[axis]) }
        }
        return extent
    }

    /// The network of a resolved recipe for images with the given channels; `auto` values are taken from the preset.
    package func configuration(channels: Int, classes: Int) throws(TrainingError) -> UNetConfiguration {
        let aim = preset.aim
        guard (2...254).contains(classes) else {
            throw .invalid(field: "classes", detail: "are \(classes); a network tells 2 to 254 classes apart")
        }
        guard channels >= 1 else { throw .mismatch("A volume needs at least one channel.") }
        let levels = levels.value ?? aim.levels
        let configuration = UNetConfiguration(
            channels: channels * inputs.count, classes: classes, base: base.value ?? aim.base, levels: levels,
            dimensions: dimensions, padding: padding, normalization: norm, kernels: kernels.value,
            windows: pooling.value, deepOutputs: loss.deep > 0 && levels > 1 ? levels - 1 : nil)
        do {
            try configuration.validate()
        } catch {
            throw .invalid(field: Recipe.culprit(in: configuration), detail: "\(error)")
        }
        return configuration
    }

    /// The key of the recipe that makes the network invalid.
    private static func culprit(in configuration: UNetConfiguration) -> String {
        var (unpooled, plain) = (configuration, configuration)
        unpooled.windows = nil
        plain.kernels = nil
        if (try? unpooled.validate()) != nil { return "pooling" }
        return (try? plain.validate()) != nil ? "kernels" : "recipe"
    }

    /// The largest number of levels that leaves two voxels of an extent on the coarsest level.
    private func deepest(_ extent: Extent) -> Int {
        let pooled: [Axis] = dimensions == 2 ? [.y, .x] : Axis.allCases
        let shortest = pooled.map { extent[$0] }.filter { $0 > 1 }.min() ?? 1
        var levels = 1
        while shortest >= 2 << levels { levels += 1 }
        return levels
    }
}

extension NetworkGraph {
    /// The nearest patch that the network accepts, not larger than the volume needs.
    func patch(_ wanted: Extent, in volume: Extent) -> Extent {
        let steps = [Axis.z: multiple.z, .y: multiple.y, .x: multiple.x]
        var patch = wanted
        for axis in Axis.allCases {
            let step = max(steps[axis] ?? 1, 1)
            let largest = (volume[axis] + step - 1) / step * step
            patch[axis] = max(step, min((wanted[axis] + step / 2) / step * step, largest))
        }
        return configuration.padding == .valid ? validPatch(wanted, in: volume) : patch
    }

    /// The smallest valid input whose output covers the desired input's, cut to the volume and at least one voxel.
    private func validPatch(_ wanted: Extent, in volume: Extent) -> Extent {
        let margin = margin
        var output = wanted
        for axis in Axis.allCases { output[axis] = max(1, min(wanted[axis] - 2 * margin[axis], volume[axis])) }
        for axis in Axis.allCases {
            while output[axis] > 1, input(covering: output)[axis] > Recipe.longestPatch { output[axis] -= 1 }
        }
        return input(covering: output)
    }

    /// The smallest valid input whose output covers an extent.
    package func input(covering output: Extent) -> Extent {
        let shape = inputShape(covering: output.shape(channels: configuration.classes))
        return Extent(z: shape.depth, y: shape.height, x: shape.width)
    }

    /// The output extent of the network for an input.
    package func output(for input: Extent) throws(TrainingError) -> Extent {
        do {
            let shape = try outputShape(for: input.shape(channels: configuration.channels))
            return Extent(z: shape.depth, y: shape.height, x: shape.width)
        } catch {
            throw .invalid(field: "patch", detail: "\(error)")
        }
    }

    /// The voxels per side by which valid padding shrinks the output; 0 with same padding.
    var margin: Extent {
        guard configuration.padding == .valid else { return Extent(z: 0, y: 0, x: 0) }
        let input = input(covering: Extent(z: 1, y: 1, x: 1))
        let output = (try? output(for: input)) ?? input
        return Extent(z: (input.z - output.z) / 2, y: (input.y - output.y) / 2, x: (input.x - output.x) / 2)
    }
}

extension Extent {
    /// The same in the network's type.
    func shape(batch: Int = 1, channels: Int) -> Shape {
        Shape(batch: batch, channels: channels, depth: z, height: y, width: x)
    }
}
