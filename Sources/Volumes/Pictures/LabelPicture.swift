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
        /// Numbers of segments with their names; 0 is none.
        case segments([LabelSegment])
    }

    /// Every gray value, and what is transparent.
    package static let mostValues = 257

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

    /// The classes of the pixels, those of transparent ones by `Color.transparent`; fails with the first value that is
    /// not a class and its row (y) and column (x).
    package func labels(by mapping: LabelMapping) throws -> [UInt8] {
        var classes = mapping.classes
        if kind == .colors || kind == .translucent, classes[Color.transparent] == nil {
            classes[Color.transparent] = AnnotatedSlice.unlabeled
        }
        return try MappedLabels(pixels, mapping: LabelMapping(classes)).labels(slice: SlicePosition(.z, 0))
    }

    /// The numbers, indices or colours that occur, in order; `nil` if there are more than `limit`.
    package func distinctValues(upTo limit: Int = mostValues) throws -> [Double]? {
        try pixels.bytes.withUnsafeBytes { bytes in
            try pixels.header.element.run(DistinctValues(bytes: bytes, limit: limit))
        }
    }
}

/// The values that occur, in order; `nil` if there are more than `limit`, or one that is not a number.
struct DistinctValues: VoxelWork {
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
