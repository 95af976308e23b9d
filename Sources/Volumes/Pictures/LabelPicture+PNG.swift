internal import CPNG

extension LabelPicture {
    /// A PNG picture of any kind; gray values and indices are taken as they are stored, however few bits they have.
    ///
    /// Pictures of more than `limit` pixels are refused before memory is allocated for them.
    package init(png bytes: [UInt8], limit: Int = 1 << 26) throws(VolumeError) {
        let header = try PNGHeader(bytes)
        try header.validate(limit: limit)
        let (rows, columns) = (header.rows, header.columns)
        let width = header.depth == 16 ? 2 : 1
        var samples = [UInt8](repeating: 0, count: rows * columns * header.samples * width)
        var palette = [UInt8](repeating: 0, count: 1024)
        var (entries, message) = (UInt32(0), [CChar](repeating: 0, count: 160))
        let done = cpng_decode(
            bytes, bytes.count, &samples, UInt32(rows), UInt32(columns), UInt32(header.samples), UInt32(header.depth),
            &palette, &entries, &message, message.count)
        guard done == 1 else {
            let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            throw .malformed("the PNG picture is damaged: \(text)")
        }
        if header.samples > 1 {
            try self.init(samples: header.samples, depth: width * 8, rows: rows, columns: columns, name: "PNG") {
                let place = ($0 * header.samples + $1) * width
                return width == 1
                    ? Int(samples[place])
                    : samples.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: place, as: UInt16.self)) }
            }
        } else if header.color == 3 {
            let colors = (0..<Int(entries)).map { index -> Color? in
                let entry = palette[index * 4..<index * 4 + 4].map(\.self)
                return entry[3] == 0 ? nil : Color(red: entry[0], green: entry[1], blue: entry[2])
            }
            try self.init(.indices(colors), rows: rows, columns: columns, element: .uint8, bytes: samples)
        } else {
            try self.init(
                .numbers, rows: rows, columns: columns, element: width == 1 ? .uint8 : .uint16, bytes: samples)
        }
    }
}
