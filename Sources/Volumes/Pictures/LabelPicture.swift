/// The labels of one slice as a file has them: numbers, indices of a palette or colours, not yet mapped to classes.
package struct LabelPicture: Sendable {
    package enum Kind: Hashable, Sendable {
        /// Numbers of any type.
        case numbers
        /// Gray values up to 65,535, and `Color.transparent`.
        case translucent
        /// Indices, with the palette's colours; `nil` where it is transparent.
        case indices([Color?])
        /// Colours as `Color.number`.
        case colors
    }

    package let kind: Kind
    package let rows: Int
    package let columns: Int
    /// One plane, in native byte order.
    private let pixels: InMemoryVolume

    init(_ kind: Kind, rows: Int, columns: Int, element: ElementType, bytes: [UInt8]) throws(VolumeError) {
        self.kind = kind
        self.rows = rows
        self.columns = columns
        pixels = try InMemoryVolume(
            header: VolumeHeader(extent: Extent(z: 1, y: rows, x: columns), element: element), bytes: bytes)
    }

    init<Value: VoxelValue>(_ kind: Kind, rows: Int, columns: Int, values: [Value]) throws(VolumeError) {
        try self.init(
            kind, rows: rows, columns: columns, element: Value.element, bytes: values.withUnsafeBytes { [UInt8]($0) })
    }

    /// Raw bytes, one for each pixel, row by row.
    package init(raw bytes: [UInt8], rows: Int, columns: Int) throws(VolumeError) {
        try self.init(.numbers, rows: rows, columns: columns, element: .uint8, bytes: bytes)
    }

    /// The classes of the pixels; fails with the first value that is not a class and its row (y) and column (x).
    package func labels(
        by mapping: LabelMapping, transparent: UInt8 = AnnotatedSlice.unlabeled
    ) throws -> [UInt8] {
        var classes = mapping.classes
        if kind == .colors || kind == .translucent { classes[Color.transparent] = transparent }
        return try MappedLabels(pixels, mapping: LabelMapping(classes)).labels(slice: SlicePosition(.z, 0))
    }

    /// The numbers, indices or colours that occur, in order; `nil` if there are more than `limit`.
    package func distinctValues(upTo limit: Int = 256) throws -> [Double]? {
        try pixels.bytes.withUnsafeBytes { bytes in
            try pixels.header.element.run(DistinctValues(bytes: bytes, limit: limit))
        }
    }
}

extension LabelPicture {
    /// The same with the palette's colours in place of its indices.
    package func colored() throws -> LabelPicture {
        guard case .indices(let palette) = kind else { return self }
        let numbers = palette.map { UInt32(truncatingIfNeeded: $0?.number ?? Color.transparent) }
        guard let last = pixels.bytes.max(), Int(last) < numbers.count else {
            throw VolumeError.malformed("the picture's palette has \(numbers.count) colours; a pixel has another index")
        }
        let colors = pixels.bytes.map { numbers[Int($0)] }
        return try LabelPicture(.colors, rows: rows, columns: columns, values: colors)
    }

    /// Gray colours as the numbers 0 to 255, transparent ones as they are; `nil` if there is any other colour.
    package func grayed() throws -> LabelPicture? {
        guard case .colors = kind else { return nil }
        let gray = pixels.bytes.withUnsafeBytes { bytes -> [UInt32]? in
            let colors = bytes.bindMemory(to: UInt32.self)
            let isGray = colors.allSatisfy {
                $0 == UInt32(Color.transparent) || $0 >> 16 == $0 & 255 && $0 >> 16 == $0 >> 8 & 255
            }
            return isGray ? colors.map { $0 == UInt32(Color.transparent) ? $0 : $0 & 255 } : nil
        }
        return try gray.map { try LabelPicture(.translucent, rows: rows, columns: columns, values: $0) }
    }
}

private struct DistinctValues: VoxelWork {
    let bytes: UnsafeRawBufferPointer
    let limit: Int

    func callAsFunction<Value: VoxelValue>(_ type: Value.Type) -> [Double]? {
        let values = bytes.bindMemory(to: Value.self)
        guard var last = values.first else { return [] }
        var known: Set = [last.double]
        for value in values where value != last {
            last = value
            guard known.insert(value.double).inserted else { continue }
            guard known.count <= limit, !value.double.isNaN else { return nil }
        }
        return known.sorted()
    }
}
