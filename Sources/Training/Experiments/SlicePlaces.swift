package import Volumes

/// The place of a slice: its volume, axis and index.
package typealias SlicePlace = Holdout.Slice

extension [SlicePlace] {
    /// For each axis, so many of the slices there, evenly spaced: those in the middles of as many equal parts.
    ///
    /// All of an axis that has no more. The slices are of one volume.
    package func evenlySpaced(_ count: Int) -> [SlicePlace] {
        Axis.allCases.flatMap { axis in
            let there = filter { $0.axis == axis }.sorted { $0.index < $1.index }
            let wanted = Swift.min(count, there.count)
            return (0..<wanted).map { there[(2 * $0 + 1) * there.count / (2 * wanted)] }
        }
    }

    /// The planes on each axis of a volume, as `Box`es do not cross axes.
    func indices(of volume: String, on axis: Axis) -> Set<Int> {
        Set(lazy.filter { $0.volume == volume && $0.axis == axis }.map(\.index))
    }
}

extension SlicePlace {
    /// Every plane on every axis of a volume whose voxels are all known.
    package static func all(of volume: String, extent: Extent) -> [SlicePlace] {
        Axis.allCases.flatMap { axis in
            (0..<extent[axis]).map { SlicePlace(volume: volume, axis: axis, index: $0) }
        }
    }
}
