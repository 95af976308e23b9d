/// How the slices of a series lie behind each other, by their positions alone.
///
/// Coordinates of DICOM are in millimeters, to the left, to posterior and to superior (PS3.3 C.7.6.2.1.1).
struct DICOMPlace {
    /// The numbers of the frames from the first slice on.
    let order: [Int]
    let spacing: Spacing?
    let orientation: Orientation?
    let remarks: [String]

    /// `files` is how many the frames came in.
    init(_ frames: [DICOMFrame], files: Int) throws(VolumeError) {
        let pixels = try Self.pixels(frames)
        let thickness = (try? DICOMFrame.numbers(frames[0].step, 1, "SliceThickness"))?.first
        let positions = try Self.positions(frames)
        guard let positions, let directions = try Self.directions(frames) else {
            self = try DICOMPlace(withoutPlace: frames, files: files, pixels: pixels, thickness: thickness)
            return
        }
        let normal = directions.normal
        let distances = positions.map { $0.dot(normal) }
        let order = frames.indices.sorted { (distances[$0], $0) < (distances[$1], $1) }
        let sorted = order.map { distances[$0] }
        try DICOMSteps(sorted).check(order.map { frames[$0] })
        let first = positions[order[0]]
        let count = Double(frames.count - 1)
        let step = frames.count > 1 ? (sorted[sorted.count - 1] - sorted[0]) / count : thickness.map(abs) ?? 0
        try Self.checkTilt(order.map { positions[$0] }, normal, pixels: pixels)
        self.order = order
        guard let pixels else {
            (spacing, orientation) = (nil, nil)
            remarks = ["The DICOM files don't say how far pixels lie apart (PixelSpacing); spacing= does."]
            return
        }
        let known = step > 0 ? step : 1
        spacing = Spacing(z: known, y: pixels[0], x: pixels[1], unit: LengthUnit.millimeter.rawValue)
        orientation = Orientation(
            steps: [
                directions.row.map { $0 * pixels[1] }, directions.column.map { $0 * pixels[0] },
                normal.map { $0 * known },
            ], origin: first, signs: [-1, -1, 1])
        remarks = step > 0 ? [] : ["The DICOM file doesn't say how thick its slice is; 1 mm was taken."]
    }

    /// Of frames that don't say where they lie, which only a single file puts in order.
    private init(
        withoutPlace frames: [DICOMFrame], files: Int, pixels: [Double]?, thickness: Double?
    ) throws(VolumeError) {
        guard files == 1 else {
            throw .unsupported(
                "the DICOM slices don't say where they lie (ImagePositionPatient, ImageOrientationPatient), so their "
                    + "order is not known; send them as one multi-frame file, or as a TIFF or NIfTI with spacing=")
        }
        order = Array(frames.indices)
        orientation = nil
        let step = thickness.map(abs) ?? 0
        spacing = pixels.map {
            Spacing(z: step > 0 ? step : 1, y: $0[0], x: $0[1], unit: LengthUnit.millimeter.rawValue)
        }
        var remarks: [String] = []
        if frames.count > 1 {
            remarks.append(
                "The DICOM file doesn't say where its \(frames.count) frames lie, which may be moments of time: they are "
                    + "slices here, in their order.")
        }
        if pixels == nil || (step == 0 && frames.count > 1) {
            remarks.append("The DICOM file doesn't say how far its voxels lie apart; spacing=z,y,x does.")
        }
        self.remarks = remarks
    }

    /// The distances between rows and between columns.
    private static func pixels(_ frames: [DICOMFrame]) throws(VolumeError) -> [Double]? {
        let texts = Set(frames.map(\.spacing))
        var known: [Double]?
        for text in texts {
            let lengths = try DICOMFrame.numbers(text, 2, "PixelSpacing")
            if let lengths, lengths.contains(where: { $0 <= 0 }) {
                throw .malformed("the DICOM file's PixelSpacing is \(text.prefix(60)); lengths must be above 0")
            }
            guard let one = known ?? lengths, let other = lengths, one.isClose(to: other, within: 1e-4 * one[0]) else {
                guard texts.count == 1 else {
                    throw .unsupported(
                        "the series' slices differ in PixelSpacing: \(texts.sorted().prefix(3).joined(separator: "; "))"
                    )
                }
                return nil
            }
            known = one
        }
        return known
    }

    /// The centre of each frame's first voxel; `nil` if none says it.
    private static func positions(_ frames: [DICOMFrame]) throws(VolumeError) -> [[Double]]? {
        var positions: [[Double]] = []
        for frame in frames {
            if let position = try DICOMFrame.numbers(frame.position, 3, "ImagePositionPatient") {
                positions.append(position)
            }
        }
        guard !positions.isEmpty else { return nil }
        guard positions.count == frames.count else {
            throw .unsupported(
                "\(frames.count - positions.count) of the series' \(frames.count) slices don't say where they lie "
                    + "(ImagePositionPatient); leave them out")
        }
        return positions
    }

    private struct Directions {
        let row: [Double]
        let column: [Double]
        var normal: [Double] { row.cross(column) }
    }

    /// The directions along rows and columns, which all frames share; `nil` if none says them.
    private static func directions(_ frames: [DICOMFrame]) throws(VolumeError) -> Directions? {
        var known: [[Double]] = []
        for text in Set(frames.map(\.orientation)).sorted() {
            guard let cosines = try DICOMFrame.numbers(text, 6, "ImageOrientationPatient") else { continue }
            if !known.contains(where: { $0.isClose(to: cosines, within: 1e-4) }) { known.append(cosines) }
        }
        guard let cosines = known.first else { return nil }
        guard known.count == 1, frames.allSatisfy({ !$0.orientation.isEmpty }) else {
            throw .unsupported(
                "the series' slices lie in \(known.count > 1 ? "\(known.count)" : "unknown") directions, as scouts do, and "
                    + "are no volume; send those of one direction")
        }
        let (row, column) = (Array(cosines[..<3]), Array(cosines[3...]))
        guard abs(row.length - 1) < 1e-2, abs(column.length - 1) < 1e-2, abs(row.dot(column)) < 1e-2 else {
            throw .malformed(
                "the DICOM file's ImageOrientationPatient must be two directions of length 1 at right angles; it is "
                    + "\(cosines)")
        }
        return Directions(row: row, column: column)
    }

    /// Throws if slices are shifted against each other in their plane by more than a quarter of a pixel.
    private static func checkTilt(
        _ positions: [[Double]], _ normal: [Double], pixels: [Double]?
    ) throws(VolumeError) {
        let shifts = positions.map { position in
            let way = zip(position, positions[0]).map { $0 - $1 }
            let along = way.dot(normal)
            return zip(way, normal).map { $0 - along * $1 }.length
        }
        guard let most = shifts.max(), most > 0.25 * (pixels?.min() ?? 1) else { return }
        throw .unsupported(
            "the series' slices are shifted against each other by up to \(most.formattedAsLength) mm, as a tilted gantry "
                + "makes them, so that they are no upright block; dcm2niix straightens them: send its NIfTI file")
    }
}

extension Double {
    /// With a few digits, as messages have it.
    var formattedAsLength: String { "\((self * 1000).rounded() / 1000)" }
}

extension [Double] {
    fileprivate var length: Double { dot(self).squareRoot() }

    fileprivate func dot(_ other: [Double]) -> Double { zip(self, other).reduce(0) { $0 + $1.0 * $1.1 } }

    fileprivate func cross(_ other: [Double]) -> [Double] {
        [
            self[1] * other[2] - self[2] * other[1], self[2] * other[0] - self[0] * other[2],
            self[0] * other[1] - self[1] * other[0],
        ]
    }

    fileprivate func isClose(to other: [Double], within distance: Double) -> Bool {
        zip(self, other).allSatisfy { abs($0 - $1) <= distance }
    }
}
