/// What a file of DICOM says of one of its frames, as texts of the file.
struct DICOMFrame: Hashable {
    /// The number of its file, and its own in there.
    let file: Int
    let index: Int
    let position: String
    let orientation: String
    /// Between rows and between columns.
    let spacing: String
    /// Between slices, or their thickness.
    let step: String
    let slope: String
    let intercept: String
    /// What may tell it from another frame at the same place, by the name of the tag.
    let marks: [String: String]

    /// A frame of the fields of a line; `nil` if they make no sense.
    init?(_ fields: [String]) {
        guard fields.count >= 9, let file = Int(fields[1]), let index = Int(fields[2]), index >= 0 else { return nil }
        (self.file, self.index) = (file, index)
        (position, orientation, spacing, step) = (fields[3], fields[4], fields[5], fields[6])
        (slope, intercept) = (fields[7], fields[8])
        var marks: [String: String] = [:]
        for field in fields.dropFirst(9) {
            guard let sign = field.firstIndex(of: "=") else { return nil }
            marks[String(field[..<sign])] = String(field[field.index(after: sign)...])
        }
        self.marks = marks
    }

    /// The numbers between backslashes; `nil` if there is no text, and an error if they are not as many.
    static func numbers(_ text: String, _ count: Int, _ name: String) throws(VolumeError) -> [Double]? {
        guard !text.isEmpty else { return nil }
        let words = text.split(separator: "\\", omittingEmptySubsequences: false)
        let numbers = words.compactMap { Double($0.trimmed) }
        guard words.count == count, numbers.count == count, numbers.allSatisfy(\.isFinite) else {
            throw .malformed(
                "a DICOM file's \(name) must be \(count.formattedAsCount); it is \"\(text.prefix(100))\"")
        }
        return numbers
    }

    /// What its numbers are multiplied by, and what is added.
    func scaling() throws(VolumeError) -> FileLayout.Scaling {
        let slope = try Self.numbers(slope, 1, "RescaleSlope")?[0] ?? 1
        guard slope != 0 else {
            throw .malformed("a DICOM file's RescaleSlope is 0, with which every voxel would be the same")
        }
        return FileLayout.Scaling(slope: slope, intercept: try Self.numbers(intercept, 1, "RescaleIntercept")?[0] ?? 0)
    }
}

extension Int {
    fileprivate var formattedAsCount: String { self == 1 ? "a number" : "\(self) numbers" }
}
