/// The 1024 bytes at the beginning of an MRC file, as MRC2014 and CCP4 define them.
struct MRCHeader {
    static let size = 1024

    let bigEndian: Bool
    private let bytes: [UInt8]

    /// `nil` for bytes that are no such header.
    init?(_ start: [UInt8]) {
        // Programs end the word with a blank or a zero.
        guard start.count >= Self.size, start[208..<211].elementsEqual("MAP".utf8), [0x20, 0].contains(start[211])
        else {
            return nil
        }
        bytes = Array(start.prefix(Self.size))
        // The machine stamp begins with 0x44 or 0x11; some programs leave it 0, and then the axes tell.
        switch bytes[212] {
        case 0x44: bigEndian = false
        case 0x11: bigEndian = true
        default:
            bigEndian = !(1...3).contains(Self.word(16, bytes, false)) && (1...3).contains(Self.word(16, bytes, true))
        }
    }

    /// Words are counted from 0.
    private static func word(_ index: Int, _ bytes: [UInt8], _ bigEndian: Bool) -> Int {
        let part = bytes[index * 4..<index * 4 + 4]
        let bits = (bigEndian ? Array(part) : part.reversed()).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return Int(Int32(bitPattern: bits))
    }

    private func word(_ index: Int) -> Int { Self.word(index, bytes, bigEndian) }

    private func float(_ index: Int) -> Double {
        Double(Float(bitPattern: UInt32(bitPattern: Int32(truncatingIfNeeded: word(index)))))
    }

    /// Columns, rows and sections, the fastest first.
    var sizes: [Int] { (0..<3).map { word($0) } }

    var mode: Int { word(3) }

    /// The axis that columns, rows and sections run along: x, y or z; `nil` if they are no three axes.
    ///
    /// A header that says nothing means x, y, z.
    var axes: [Character]? {
        let numbers = (16..<19).map { word($0) }
        if numbers == [0, 0, 0] { return ["x", "y", "z"] }
        guard numbers.sorted() == [1, 2, 3] else { return nil }
        return numbers.map { Array("xyz")[$0 - 1] }
    }

    /// Lengths of a voxel along x, y and z in ångströms: the cell's, shared among its intervals; `nil` if there are none.
    var lengths: [Double]? {
        let lengths = (0..<3).map { float(10 + $0) / Double(word(7 + $0)) }
        return lengths.allSatisfy { $0.isFinite && $0 > 0 } ? lengths : nil
    }

    /// Whether it is a stack of volumes.
    var isVolumeStack: Bool { (401...630).contains(word(22)) && word(9) < word(2) }

    /// Bytes between this header and the voxels.
    var extended: Int { word(23) }

    /// Whether bytes have no sign, as old versions of IMOD wrote them: its stamp without the flag for signed ones.
    var hasUnsignedBytes: Bool { word(38) == 1_146_047_817 && word(39) & 1 == 0 }
}
