/// What a file of DICOM says of itself; nothing of patients.
struct DICOMFile: Hashable {
    /// Which one it is of those that were looked at.
    let number: Int
    /// The UIDs of its SOP class and transfer syntax.
    let kind: String
    let syntax: String
    let series: String
    let description: String
    let rows: Int
    let columns: Int
    let samples: Int
    let allocated: Int
    let stored: Int
    let high: Int
    let isSigned: Bool
    let photometric: String
    let hasVoxels: Bool
    /// How many frames it says that it has.
    let frameCount: Int
    /// Whether its numbers are places in a table of its own.
    let hasTable: Bool
    var frames: [DICOMFrame] = []

    /// A file of the fields of a line; `nil` if they make no sense.
    init?(_ fields: [String]) {
        let numbers = (fields.prefix(2) + fields.dropFirst(6)).enumerated().compactMap { place, field in
            place == 0 || place == 9 ? 0 : Int(field)
        }
        guard fields.count == 17, numbers.count == 13, numbers.allSatisfy({ $0 >= 0 && $0 < 1 << 32 }) else {
            return nil
        }
        number = numbers[1]
        (kind, syntax, series, description) = (fields[2], fields[3], fields[4], fields[5])
        (rows, columns, samples) = (numbers[2], numbers[3], numbers[4])
        (allocated, stored, high, isSigned) = (numbers[5], numbers[6], numbers[7], numbers[8] == 1)
        photometric = fields[13]
        (hasVoxels, frameCount, hasTable) = (numbers[10] == 1, numbers[11], numbers[12] == 1)
    }

    /// Whether it is an image, and no other object that has voxels.
    var isImage: Bool { hasVoxels && DICOMKind.others[kind] == nil }

    /// Throws if its voxels can't be read.
    func check() throws(VolumeError) {
        guard DICOMKind.syntaxes.contains(syntax) else {
            let name = DICOMKind.otherSyntaxes[syntax].map { "\($0) (\(syntax))" } ?? "\"\(syntax.prefix(64))\""
            throw .unsupported(
                "the DICOM file's transfer syntax is \(name), which is not read; convert it with gdcmconv --raw or "
                    + "dcmdjpeg, or to NIfTI with dcm2niix")
        }
        guard !hasTable else {
            throw .unsupported(
                "the DICOM file's numbers are places in a table (Modality LUT Sequence), which is not applied; convert "
                    + "it to NIfTI or NRRD with a program that does")
        }
        let isGray = ["MONOCHROME1", "MONOCHROME2"].contains(photometric) && samples == 1
        let isColor = DICOMKind.colors.contains(photometric) && samples == 3
        guard isGray || isColor else {
            throw .unsupported(
                "the DICOM file's PhotometricInterpretation is \"\(photometric.prefix(32))\" with \(samples) samples; "
                    + "gray values and RGB are read; gdcmconv --apply-lut makes one of a palette's colours")
        }
        guard !isColor || photometric != "YBR_FULL_422" || DICOMKind.isPacked(syntax) else {
            throw .unsupported(
                "the DICOM file has colours of which only every other pixel has its own (YBR_FULL_422), not packed; "
                    + "save it as RGB")
        }
        guard [8, 16, 32].contains(allocated), stored >= 1, stored <= allocated, high < allocated, high + 1 >= stored
        else {
            throw .unsupported(
                "the DICOM file's numbers have \(stored) of \(allocated) bits; integers in 8, 16 or 32 bits are read")
        }
        guard !isColor || (allocated == 8 && stored == 8 && !isSigned) else {
            throw .unsupported("the DICOM file has colours of \(stored) bits; those of 8 bits are read")
        }
        guard rows > 0, columns > 0, frameCount > 0, frames.count == frameCount else {
            throw .malformed("the DICOM file says \(columns) × \(rows) pixels and \(frameCount) frames")
        }
    }

    /// The least and the greatest number that it can hold.
    var range: ClosedRange<Double> {
        let count = Double(UInt64(1) << UInt64(stored))
        return isSigned ? -count / 2...count / 2 - 1 : 0...count - 1
    }

    /// The type that its numbers are stored in.
    var element: ElementType {
        switch allocated {
        case 8: isSigned ? .int8 : .uint8
        case 16: isSigned ? .int16 : .uint16
        default: isSigned ? .int32 : .uint32
        }
    }
}
