/// The value of voxels in chunks that are not there, as an array's document has it.
enum ZarrFill: Decodable, Hashable {
    case signed(Int64)
    case unsigned(UInt64)
    case number(Double)
    case text(String)
    case flag(Bool)

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let whole = try? value.decode(Int64.self) {
            self = .signed(whole)
        } else if let whole = try? value.decode(UInt64.self) {
            self = .unsigned(whole)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else {
            self = .text(try value.decode(String.self))
        }
    }

    /// The bytes of a voxel in native order; `nil` if the type has no such value.
    func bytes(as type: ZarrNumbers) -> [UInt8]? {
        switch type.element {
        case .uint8: whole(UInt8.self)
        case .int8: whole(Int8.self)
        case .uint16: whole(UInt16.self)
        case .int16: whole(Int16.self)
        case .uint32: whole(UInt32.self)
        case .int32: whole(Int32.self)
        case .uint64: whole(UInt64.self)
        case .int64: whole(Int64.self)
        case .float32: float(isHalf: type.isHalf).map { Self.bytes(of: $0) }
        case .float64: double.map { Self.bytes(of: $0) }
        }
    }

    private func whole<Number: FixedWidthInteger>(_ type: Number.Type) -> [UInt8]? {
        let number: Number? =
            switch self {
            case .signed(let value): Number(exactly: value)
            case .unsigned(let value): Number(exactly: value)
            case .number(let value): Number(exactly: value)
            case .flag(let value): value ? 1 : 0
            case .text: nil
            }
        return number.map { Self.bytes(of: $0) }
    }

    private var double: Double? {
        if let bits, let value = UInt64(bits, radix: 16) { return Double(bitPattern: value) }
        return number
    }

    private func float(isHalf: Bool) -> Float? {
        guard let bits else { return number.map { Float($0) } }
        if isHalf { return UInt16(bits, radix: 16).map { Float(Float16(bitPattern: $0)) } }
        return UInt32(bits, radix: 16).map { Float(bitPattern: $0) }
    }

    private var number: Double? {
        switch self {
        case .signed(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .number(let value): value
        case .flag: nil
        case .text("NaN"): .nan
        case .text("Infinity"): .infinity
        case .text("-Infinity"): -.infinity
        case .text: nil
        }
    }

    /// The digits of a float that is given by its bits, as in `0x7fc00000`.
    private var bits: String? {
        guard case .text(let text) = self, text.hasPrefix("0x") else { return nil }
        return String(text.dropFirst(2))
    }

    private static func bytes(of value: some Any) -> [UInt8] { withUnsafeBytes(of: value) { [UInt8]($0) } }
}
