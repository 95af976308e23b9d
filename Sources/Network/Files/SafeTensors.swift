package import Foundation

/// A file of named tensors: 8 bytes of header length, a JSON header, the values (github.com/huggingface/safetensors).
package struct SafeTensors {
    /// A tensor: its type as the format names it, its sizes, its bytes in little-endian order.
    package struct Tensor {
        package var type: String
        package var shape: [Int]
        package var bytes: Data
    }

    package var tensors: [String: Tensor] = [:]
    package var metadata: [String: String] = [:]

    package init() {}

    private static let sizes = [
        "F64": 8, "F32": 4, "F16": 2, "BF16": 2, "U8": 1, "I8": 1, "I32": 4, "I64": 8, "BOOL": 1,
    ]

    /// Reads a file; fails saying what is wrong with it.
    package init(_ file: Data) throws(NetworkError) {
        let file = Data(file)
        guard file.count >= 8 else {
            throw .weights("a safetensors file has at least 8 bytes; this one has \(file.count)")
        }
        let length = file.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(file.count - 8), length <= 100_000_000 else {
            throw .weights("the header of the safetensors file claims \(length) bytes; the file has \(file.count)")
        }
        let body = 8 + Int(length)
        let object = try? JSONSerialization.jsonObject(with: file[8..<body])
        guard let header = object as? [String: Any] else {
            throw .weights("the header of the safetensors file is not a JSON object")
        }
        for (name, value) in header {
            if name == "__metadata__" {
                guard let strings = value as? [String: String] else {
                    throw .weights("the metadata of the safetensors file must be strings")
                }
                metadata = strings
                continue
            }
            tensors[name] = try Self.tensor(name, value, in: file[body...])
        }
    }

    private static func tensor(_ name: String, _ value: Any, in body: Data) throws(NetworkError) -> Tensor {
        guard let fields = value as? [String: Any], let type = fields["dtype"] as? String,
            let shape = fields["shape"] as? [Int], let offsets = fields["data_offsets"] as? [Int], offsets.count == 2
        else { throw .weights("tensor \"\(name)\" of the safetensors file lacks dtype, shape or data_offsets") }
        guard let size = sizes[type] else {
            throw .weights(
                "tensor \"\(name)\" has type \(type); known are \(sizes.keys.sorted().joined(separator: ", "))")
        }
        var bytes = size
        for extent in shape {
            let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow else { throw .weights("tensor \"\(name)\" has an impossible shape \(shape)") }
            bytes = product
        }
        guard offsets[0] >= 0, offsets[1] >= offsets[0], offsets[1] <= body.count, offsets[1] - offsets[0] == bytes
        else {
            throw .weights("tensor \"\(name)\" of shape \(shape) needs \(bytes) bytes, its offsets are \(offsets)")
        }
        return Tensor(
            type: type, shape: shape, bytes: body[body.startIndex + offsets[0]..<body.startIndex + offsets[1]])
    }

    /// The bytes of the file, tensors in the order of their names; the values begin at a multiple of 64 bytes.
    package func encoded() throws(NetworkError) -> Data {
        var header: [String: Any] = ["__metadata__": metadata]
        var offset = 0
        let names = tensors.keys.sorted()
        for name in names {
            guard let tensor = tensors[name] else { continue }
            header[name] = [
                "dtype": tensor.type, "shape": tensor.shape, "data_offsets": [offset, offset + tensor.bytes.count],
            ]
            offset += tensor.bytes.count
        }
        guard var json = try? JSONSerialization.data(withJSONObject: header, options: [.sortedKeys]) else {
            throw .weights("the header of the weights file could not be written")
        }
        while (8 + json.count) % 64 != 0 { json.append(UInt8(ascii: " ")) }
        var file = Data(capacity: 8 + json.count + offset)
        withUnsafeBytes(of: UInt64(json.count).littleEndian) { file.append(contentsOf: $0) }
        file.append(json)
        for name in names { if let tensor = tensors[name] { file.append(tensor.bytes) } }
        return file
    }

    /// The values of a tensor of a floating-point type as 32-bit floats; nil if there is no such tensor.
    package func floats(_ name: String) throws(NetworkError) -> [Float]? {
        guard let tensor = tensors[name] else { return nil }
        func values<T>(of type: T.Type, _ convert: (T) -> Float) -> [Float] {
            tensor.bytes.withUnsafeBytes { raw in
                stride(from: 0, to: raw.count, by: MemoryLayout<T>.size).map {
                    convert(raw.loadUnaligned(fromByteOffset: $0, as: type))
                }
            }
        }
        return switch tensor.type {
        case "F32": values(of: Float.self) { $0 }
        case "F64": values(of: Double.self) { Float($0) }
        case "BF16": values(of: UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
        case "F16": values(of: UInt16.self, half)
        default: throw .weights("tensor \"\(name)\" has type \(tensor.type); it must be F32, F64, F16 or BF16")
        }
    }

    /// An IEEE 754 half as a float.
    private func half(_ bits: UInt16) -> Float {
        let sign: Float = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 31), fraction = Float(bits & 1023)
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * (1 + fraction / 1024) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }

    package mutating func set(_ name: String, shape: [Int], _ values: UnsafeBufferPointer<Float>) {
        tensors[name] = Tensor(type: "F32", shape: shape, bytes: Data(buffer: values))
    }
}
