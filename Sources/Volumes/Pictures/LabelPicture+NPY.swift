extension LabelPicture {
    /// A 2D array of bools, integers or floats, or one of `uint8` colours with an axis of 3 or 4 at its end.
    ///
    /// An axis of size 1 before or after rows and columns is left out.
    package init(npy bytes: [UInt8]) throws(VolumeError) {
        let header = try NPYHeader(bytes)
        let element = try NPYFormat.element(of: header.type)
        var shape = header.shape
        if shape.count == 3, shape[0] == 1 {
            shape.removeFirst()
        } else if shape.count == 3, shape[2] == 1 {
            shape.removeLast()
        }
        let samples = shape.count == 3 && (3...4).contains(shape[2]) && element == .uint8 ? shape.removeLast() : 1
        guard shape.count == 2 else {
            throw .unsupported("the NPY array has \(header.shape.count) axes; a slice has rows and columns")
        }
        let (rows, columns) = (shape[0], shape[1])
        let size = try VolumeHeader.checkedBytes(channels: samples, z: 1, y: rows, x: columns, element: element)
        guard bytes.count - header.offset == size else {
            throw .malformed(
                "the NPY array of \(rows)×\(columns) has \(bytes.count - header.offset) bytes instead of \(size)")
        }
        // In Fortran's order the rows come fastest, then the columns.
        let position = { (pixel: Int) in header.fortran ? pixel % columns * rows + pixel / columns : pixel }
        guard samples == 1 else {
            let (pixelStep, sampleStep) = header.fortran ? (1, rows * columns) : (samples, 1)
            try self.init(samples: samples, depth: 8, rows: rows, columns: columns, name: "NPY array") {
                Int(bytes[header.offset + position($0) * pixelStep + $1 * sampleStep])
            }
            return
        }
        var pixels = [UInt8](repeating: 0, count: size)
        for pixel in 0..<rows * columns {
            let start = header.offset + position(pixel) * element.size
            for byte in 0..<element.size {
                pixels[pixel * element.size + byte] = bytes[start + (header.bigEndian ? element.size - 1 - byte : byte)]
            }
        }
        try self.init(.numbers, rows: rows, columns: columns, element: element, bytes: pixels)
    }
}
