internal import Foundation

/// A message of Protocol Buffers that is being written (protobuf.dev/programming-guides/encoding).
struct ProtobufMessage {
    private(set) var bytes = Data()

    /// Adds a whole number.
    mutating func add(_ field: Int, _ number: Int) {
        addTag(field, wireType: 0)
        addVarint(UInt64(bitPattern: Int64(number)))
    }

    /// Adds a number of 32 bits.
    mutating func add(_ field: Int, _ number: Float) {
        addTag(field, wireType: 5)
        withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ field: Int, _ data: Data) {
        addTag(field, wireType: 2)
        addVarint(UInt64(data.count))
        bytes.append(data)
    }

    mutating func add(_ field: Int, _ text: String) { add(field, Data(text.utf8)) }

    mutating func add(_ field: Int, _ message: ProtobufMessage) { add(field, message.bytes) }

    private mutating func addTag(_ field: Int, wireType: Int) { addVarint(UInt64(field << 3 | wireType)) }

    /// Seven bits at a time, the lowest first; the highest bit of a byte says that more follow.
    private mutating func addVarint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
