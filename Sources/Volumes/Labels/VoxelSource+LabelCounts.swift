extension VoxelSource {
    /// Voxels by value of a `uint8` source with one channel, zeros left out.
    package func labelCounts() throws -> [Int: Int] {
        var counts = [Int](repeating: 0, count: 256)
        for box in header.slabs(bytes: 8 << 20) {
            for label in try labels(box) { counts[Int(label)] += 1 }
        }
        return Dictionary(uniqueKeysWithValues: counts.enumerated().filter { $1 > 0 }.map { ($0, $1) })
    }
}
