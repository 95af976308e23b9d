internal import Network
package import Volumes

extension Recipe {
    /// Bytes of a training step's memory per voxel of a patch and feature of the first level, the least measured where
    /// features fill whole blocks.
    private func bytesPerFeature(isBanded: Bool) -> Int {
        let isHalf = precision == .bf16
        return switch (padding, isBanded) {
        case (.valid, _): isHalf ? 13 : 19
        case (.same, true): isHalf ? 16 : 28
        // Up-convolutions are not merged with the convolutions after them.
        case (.same, false) where batch > 1 || dimensions == 2: isHalf ? 36 : 60
        case (.same, false): isHalf ? 25 : 40
        }
    }

    /// Bytes that activations and their gradients take at least in a training by this recipe for slices on the given axes;
    /// `nil` if the recipe isn't resolved.
    ///
    /// Patches of different shapes use the same memory in turn; those near a volume's edges are left out.
    package func activationBytes(for volumes: [VolumeHeader], classes: Int, slicesOn axes: Set<Axis>) -> Int? {
        guard let patch = patch.value, let base = base.value else { return nil }
        var shapes = (try? patchShapes(for: volumes, classes: classes, slicesOn: axes)) ?? [:]
        if shapes.isEmpty { shapes = [PatchShape(image: patch, labels: patch): false] }
        return shapes.map { shape, isBanded in
            let (image, bytes) = (shape.image, bytesPerFeature(isBanded: isBanded))
            return [image.z, image.y, image.x, batch, base, bytes].reduce(1) {
                $0.multipliedReportingOverflow(by: $1).overflow ? .max : $0 * $1
            }
        }.max()
    }
}
