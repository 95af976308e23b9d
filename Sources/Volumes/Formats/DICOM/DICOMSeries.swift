/// The images that were made together, and are one volume if all is well.
package struct DICOMSeries: Hashable {
    let uid: String
    var files: [DICOMFile]
    /// What was there besides, as sentences for users.
    private(set) var remarks: [String] = []

    /// The series that the sender's `dataset=` names, or the only one.
    package init(of listing: DICOMListing, _ hints: VolumeHints) throws(VolumeError) {
        // Of those of a transfer syntax that GDCM doesn't know nothing else is said.
        let unread = listing.files.filter(\.kind.isEmpty)
        for file in unread where !DICOMKind.syntaxes.contains(file.syntax) { try file.check() }
        let damaged = listing.damaged + unread.count
        guard damaged == 0 else {
            throw .malformed(
                "\(damaged) of the DICOM files \(damaged == 1 ? "is" : "are") damaged or cut off; "
                    + "send the series anew, as gdcminfo or dcmdump can read it")
        }
        for file in listing.files where !file.hasVoxels && file.rows > 0 && DICOMKind.others[file.kind] == nil {
            throw .malformed("a DICOM file ends before its voxels; it is cut off")
        }
        let all = Self.grouped(listing.files.filter(\.isImage))
        let others = Set(listing.files.filter { !$0.isImage }.compactMap { DICOMKind.others[$0.kind]?.name }).sorted()
        guard !all.isEmpty else { throw Self.noImages(listing) }
        if let uid = hints.dataset {
            guard let chosen = all.first(where: { $0.uid == uid }) else {
                throw .unsupported(
                    "there is no DICOM series \"\(uid.prefix(64))\"; dataset= is the UID of one of these: "
                        + Self.list(all))
            }
            self = chosen
        } else {
            guard all.count == 1 else {
                throw .unsupported(
                    "there are \(all.count) DICOM series, of which one is a volume; dataset= with its UID takes it: "
                        + Self.list(all))
            }
            self = all[0]
            if !others.isEmpty {
                remarks = ["Besides the images there is \(others.joined(separator: ", ")), which was not taken."]
            }
        }
    }

    private init(uid: String, files: [DICOMFile]) { (self.uid, self.files) = (uid, files) }

    private static func grouped(_ files: [DICOMFile]) -> [DICOMSeries] {
        var series: [DICOMSeries] = []
        var places: [String: Int] = [:]
        for file in files {
            if let place = places[file.series] {
                series[place].files.append(file)
            } else {
                places[file.series] = series.count
                series.append(DICOMSeries(uid: file.series, files: [file]))
            }
        }
        return series
    }

    private static func noImages(_ listing: DICOMListing) -> VolumeError {
        guard let (name, remedy) = listing.files.lazy.compactMap({ DICOMKind.others[$0.kind] }).first else {
            return .unsupported("the DICOM files hold no image")
        }
        return .unsupported("the DICOM file is \(name), no image: \(remedy)")
    }

    private static func list(_ series: [DICOMSeries]) -> String {
        series.prefix(20).map(\.text).joined(separator: ", ") + (series.count > 20 ? ", …" : "")
    }

    /// As lists of choices have it.
    var text: String {
        let frames = files.reduce(0) { $0 + $1.frames.count }
        let description = files[0].description.prefix(80)
        return "\(uid.isEmpty ? "without a UID" : uid.prefix(64).description) "
            + "(\(description.isEmpty ? "" : "\"\(description)\", ")\(frames) \(frames == 1 ? "slice" : "slices") of "
            + "\(files[0].columns) × \(files[0].rows))"
    }
}
