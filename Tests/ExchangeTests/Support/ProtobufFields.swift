import Foundation

/// The fields of a message of Protocol Buffers, read back.
struct ProtobufFields {
    private(set) var numbers: [Int: [Int]] = [:]
    private(set) var contents: [Int: [Data]] = [:]
    private var rest: Data

    init(_ data: Data) {
        rest = data
        while !rest.isEmpty {
            let tag = varint(), field = tag >> 3
            switch tag & 7 {
            case 0: numbers[field, default: []].append(varint())
            case 2:
                let length = varint()
                contents[field, default: []].append(Data(rest.prefix(length)))
                rest = Data(rest.dropFirst(length))
            default:
                contents[field, default: []].append(Data(rest.prefix(4)))
                rest = Data(rest.dropFirst(4))
            }
        }
    }

    private mutating func varint() -> Int {
        var (number, shift) = (UInt64(0), UInt64(0))
        while let byte = rest.popFirst() {
            number |= UInt64(byte & 0x7f) << shift
            shift += 7
            if byte < 0x80 { break }
        }
        return Int(truncatingIfNeeded: number)
    }

    func messages(_ field: Int) -> [ProtobufFields] { (contents[field] ?? []).map { ProtobufFields($0) } }

    func texts(_ field: Int) -> [String] { (contents[field] ?? []).map { String(decoding: $0, as: UTF8.self) } }
}
