package import Volumes

/// The position of a slice: its volume, axis and index.
package typealias SlicePlace = Holdout.Slice

extension [SlicePlace] {
    /// Chooses `count` slices on each axis, evenly spaced: those in the middles of as many equal parts.
    ///
    /// An axis with fewer slices gets all of them. The slices must be of one volume.
    package func evenlySpaced(_ count: Int) -> [SlicePlace] {
        Axis.allCases.flatMap { axis in
            let available = filter { $0.axis == axis }.sorted { $0.index < $1.index }
            let chosen = Swift.min(count, available.count)
            return (0..<chosen).map { available[(2 * $0 + 1) * available.count / (2 * chosen)] }
        }
    }

    /// The indices of a volume's slices on an axis.
    func indices(of volume: String, on axis: Axis) -> Set<Int> {
        Set(lazy.filter { $0.volume == volume && $0.axis == axis }.map(\.index))
    }
}

extension SlicePlace {
    /// Every slice on every axis of a volume.
    package static func all(of volume: String, extent: Extent) -> [SlicePlace] {
        Axis.allCases.flatMap { axis in
            (0..<extent[axis]).map { SlicePlace(volume: volume, axis: axis, index: $0) }
        }
    }
}
