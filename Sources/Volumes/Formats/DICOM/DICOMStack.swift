/// The slices of a series as a volume: in which order they lie, where, and what their numbers become.
package struct DICOMStack {
    /// From the lowest z on.
    let slices: [DICOMFrame]
    package let channels: Int
    package let extent: Extent
    /// The type that the numbers have here.
    package let element: ElementType
    let spacing: Spacing?
    let orientation: Orientation?
    let remarks: [String]

    /// The most slices that a volume may have.
    private static let mostSlices = 1 << 18

    package init(_ series: DICOMSeries) throws(VolumeError) {
        for file in series.files { try file.check() }
        let first = series.files[0]
        for file in series.files {
            guard (file.rows, file.columns, file.samples) == (first.rows, first.columns, first.samples) else {
                throw .unsupported(
                    "the series' slices differ in size: \(first.columns) × \(first.rows) pixels of \(first.samples) "
                        + "samples, \(file.columns) × \(file.rows) of \(file.samples); send those of one size")
            }
            guard file.photometric == first.photometric || file.samples == 3 else {
                throw .unsupported(
                    "some of the series' slices show the least value black (MONOCHROME2), some white (MONOCHROME1); "
                        + "send those of one kind")
            }
        }
        let frames = series.files.flatMap(\.frames)
        guard frames.count <= Self.mostSlices else {
            throw .tooLarge("the series has \(frames.count) slices; at most \(Self.mostSlices) are read")
        }
        let place = try DICOMPlace(frames, files: series.files.count)
        slices = place.order.map { frames[$0] }
        channels = first.samples
        extent = Extent(z: frames.count, y: first.rows, x: first.columns)
        element = try Self.element(of: series.files)
        (spacing, orientation) = (place.spacing, place.orientation)
        var remarks = series.remarks + place.remarks
        if first.photometric == "MONOCHROME1" {
            remarks.append(
                "The images say that their greatest value is shown black (MONOCHROME1); values are as they are stored.")
        }
        self.remarks = remarks
    }

    /// The stored type if nothing is applied; else the smallest that holds all that may come out, as ITK chooses it.
    private static func element(of files: [DICOMFile]) throws(VolumeError) -> ElementType {
        var isPlain = true
        var isWhole = true
        var (least, most) = (Double.infinity, -Double.infinity)
        for file in files {
            // Frames mostly have the same, of which one is looked at.
            for scaling in try Set(file.frames.map { frame throws(VolumeError) in try frame.scaling() }) {
                let (slope, intercept) = (scaling.slope, scaling.intercept)
                isPlain = isPlain && slope == 1 && intercept == 0
                isWhole = isWhole && slope == slope.rounded() && intercept == intercept.rounded()
                let ends = [file.range.lowerBound, file.range.upperBound].map { $0 * slope + intercept }
                least = min(least, ends[0], ends[1])
                most = max(most, ends[0], ends[1])
            }
        }
        if isPlain, Set(files.map(\.element)).count == 1 { return files[0].element }
        // Beyond 52 bits sums of doubles are not exact.
        guard isWhole, least >= -0x1p52, most <= 0x1p52 else { return .float32 }
        let types: [(ElementType, ClosedRange<Double>)] = [
            (.uint8, 0...255), (.int8, -128...127), (.uint16, 0...65535), (.int16, -32768...32767),
            (.uint32, 0...4_294_967_295), (.int32, -2_147_483_648...2_147_483_647),
        ]
        return types.first { $0.1.contains(least) && $0.1.contains(most) }?.0 ?? .int64
    }

    /// The name of the type for the process that copies the voxels.
    var storedType: String {
        let kind = element.isFloatingPoint ? "f" : element.rawValue.hasPrefix("u") ? "u" : "i"
        return "\(kind)\(element.size)"
    }
}
