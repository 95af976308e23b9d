package import Volumes

/// A tile of the prediction of a volume: the box that it predicts, and that of the voxels which it needs.
package struct PredictedTile: Hashable, Sendable {
    package var core: Box
    package var source: Box

    package init(core: Box, source: Box) {
        self.core = core
        self.source = source
    }
}
