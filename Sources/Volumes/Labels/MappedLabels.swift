/// A label file of any number type, read as class indices.
package struct MappedLabels: VoxelSource {
    package let header: VolumeHeader
    private let source: any VoxelSource
    private let mapping: LabelMapping
    /// Where its first voxel is, in messages.
    private let origin: Voxel

    /// `source` has one channel of integers, or of floats that hold whole numbers but for the rounding of a scaling.
    ///
    /// Reading fails with `VolumeError.unmappedLabel` at the first value that is not a class.
    package init(_ source: any VoxelSource, mapping: LabelMapping, at origin: Voxel = .zero) throws(VolumeError) {
        guard source.header.channels == 1 else {
            throw .unsupported("a label volume has one channel; this one has \(source.header.channels)")
        }
        self.source = source
        self.mapping = mapping
        self.origin = origin
        header = source.header.with(element: .uint8)
    }

    package var order: [Axis] { source.order }

    package func read(_ box: Box, channel: Int, into bytes: UnsafeMutableRawBufferPointer) throws {
        let values = try source.raw(box)
        let bad = try values.withUnsafeBytes {
            try source.header.element.run(LabelConversion(values: $0, mapping: mapping, labels: bytes))
        }
        guard let bad else { return }
        let plane = box.extent.y * box.extent.x
        throw VolumeError.unmappedLabel(
            value: bad.value,
            at: Voxel(
                z: origin.z + box.origin.z + bad.index / plane,
                y: origin.y + box.origin.y + bad.index % plane / box.extent.x,
                x: origin.x + box.origin.x + bad.index % box.extent.x))
    }
}

private struct LabelConversion: VoxelWork {
    let values: UnsafeRawBufferPointer
    let mapping: LabelMapping
    let labels: UnsafeMutableRawBufferPointer

    /// The first value that is not a class and its voxel, if there is one.
    func callAsFunction<Value: VoxelValue>(_ type: Value.Type) -> (value: Double, index: Int)? {
        let table = (0...255).map { mapping.classes[Int64($0)] }
        let values = values.bindMemory(to: Value.self)
        // Labels come in runs: the class is looked up only where the value changes.
        guard var last = values.first, var label = label(of: last, table) else {
            return values.first.map { ($0.double, 0) }
        }
        for index in values.indices {
            if values[index] != last {
                last = values[index]
                guard let next = self.label(of: last, table) else { return (last.double, index) }
                label = next
            }
            labels[index] = label
        }
        return nil
    }

    private func label<Value: VoxelValue>(of value: Value, _ table: [UInt8?]) -> UInt8? {
        let nearest = value.double.rounded()
        // A thousandth is far above the rounding of single precision, and far below what interpolation leaves.
        guard abs(value.double - nearest) <= 1e-3, let whole = Int64(exactly: nearest) else { return nil }
        return (0...255).contains(whole) ? table[Int(whole)] : mapping.classes[whole]
    }
}
