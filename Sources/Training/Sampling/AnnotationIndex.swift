package import Volumes

/// Draws annotated voxels by class: a class uniformly among those present, then a slice that has it, then one of its
/// voxels there, so that rare classes and slices with few voxels are drawn as often as others.
///
/// Takes four bytes per annotated voxel.
package struct AnnotationIndex: Sendable {
    /// The labelled voxels of a slice, sorted by class.
    private struct Entry: Sendable {
        var volume: Int
        var slice: Int
        var positions: [UInt32]
        /// The start of each class in `positions`, and the end of the last.
        var starts: [Int]

        func count(_ value: Int) -> Int { starts[value + 1] - starts[value] }
    }

    package struct Position: Hashable, Sendable {
        package var volume: Int
        package var slice: Int
        package var voxel: Voxel
    }

    private let volumes: [(slices: [SlicePosition], extent: Extent)]
    private let entries: [Entry]
    /// The entries that have each class.
    private let showing: [[Int]]
    private let present: [Int]
    /// The entries that have any labelled voxel.
    private let labelled: [Int]
    /// Annotated voxels of each class; a voxel where slices cross counts once per slice.
    package let counts: [Int]

    package init(_ volumes: [TrainingVolume], classes: Int) {
        self.volumes = volumes.map { ($0.slices.map(\.position), $0.image.header.extent) }
        var entries: [Entry] = []
        for (number, volume) in volumes.enumerated() {
            for (place, slice) in volume.slices.enumerated() {
                entries.append(Self.entry(slice, volume: number, place: place, classes: classes))
            }
        }
        self.entries = entries
        let showing = (0..<classes).map { value in entries.indices.filter { entries[$0].count(value) > 0 } }
        self.showing = showing
        present = (0..<classes).filter { !showing[$0].isEmpty }
        labelled = entries.indices.filter { !entries[$0].positions.isEmpty }
        counts = (0..<classes).map { value in entries.reduce(0) { $0 + $1.count(value) } }
    }

    /// Sorts the labelled voxels of a slice by class.
    private static func entry(_ slice: AnnotatedSlice, volume: Int, place: Int, classes: Int) -> Entry {
        var starts = [Int](repeating: 0, count: classes + 1)
        for value in slice.values where Int(value) < classes { starts[Int(value) + 1] += 1 }
        for value in 0..<classes { starts[value + 1] += starts[value] }
        var next = starts
        var positions = [UInt32](repeating: 0, count: starts[classes])
        for (position, value) in slice.values.enumerated() where Int(value) < classes {
            positions[next[Int(value)]] = UInt32(position)
            next[Int(value)] += 1
        }
        return Entry(volume: volume, slice: place, positions: positions, starts: starts)
    }

    /// The axis of the slice that a position was drawn from.
    func axis(of position: Position) -> Axis { volumes[position.volume].slices[position.slice].axis }

    package var isEmpty: Bool { present.isEmpty }

    /// Draws an annotated voxel; the index must not be empty.
    ///
    /// `rare` is the fraction of draws that choose a class first; the others choose a slice first.
    package func draw(rare: Double = 1, using random: inout some RandomNumberGenerator) -> Position {
        if rare < 1, Double.random(in: 0..<1, using: &random) >= rare {
            let number = labelled[Int.random(in: labelled.indices, using: &random)]
            return position(number, Int.random(in: entries[number].positions.indices, using: &random))
        }
        let value = present[Int.random(in: present.indices, using: &random)]
        let candidates = showing[value]
        let number = candidates[Int.random(in: candidates.indices, using: &random)]
        let starts = entries[number].starts
        return position(number, Int.random(in: starts[value]..<starts[value + 1], using: &random))
    }

    private func position(_ number: Int, _ place: Int) -> Position {
        let entry = entries[number]
        let (slices, extent) = volumes[entry.volume]
        let voxel = slices[entry.slice].voxel(at: Int(entry.positions[place]), in: extent)
        return Position(volume: entry.volume, slice: entry.slice, voxel: voxel)
    }
}
