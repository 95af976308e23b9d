extension HDF5Selection {
    /// The full resolution of the first time point of a file of BigDataViewer, a dataset for each setup; `nil` for
    /// other files.
    ///
    /// The layout is `/t00000/s00/0/cells`: time point, setup, level. What a setup is, and how far voxels lie apart, is
    /// in the XML file beside it.
    init?(bigDataViewer listing: HDF5Listing) throws(VolumeError) {
        let word = { (dataset: HDF5Dataset, index: Int) in dataset.path.split(separator: "/")[index] }
        let known = listing.datasets.filter { Self.isBigDataViewer($0) && word($0, 2) == "0" }
        // Names have digits enough to be in order as texts.
        let times = Set(known.map { word($0, 0) }).sorted()
        let setups = known.filter { word($0, 0) == times.first }.sorted { word($0, 1) < word($1, 1) }
        guard let first = setups.first else { return nil }
        for dataset in setups {
            try dataset.check()
            guard dataset.sizes == first.sizes, dataset.element == first.element, dataset.sizes.count == 3 else {
                throw .unsupported(
                    "the BigDataViewer file's setups differ, so they are no channels of one volume: \(first.text), "
                        + "\(dataset.text); send one of them with dataset=")
            }
        }
        let element = first.element == .int16 ? .uint16 : first.element
        self.init(
            setups, sizes: first.sizes, axes: ["z", "y", "x"], element: element ?? .uint16,
            spacing: HDF5Spacing.spacing(of: first, listing))
        part = FilePart(dataset: "/\(times[0])")
        if times.count > 1 { part.remarks = [FilePart.firstOf(times.count, next: "/\(times[1])")] }
    }

    /// Whether a path is one of BigDataViewer's.
    static func isBigDataViewer(_ dataset: HDF5Dataset) -> Bool {
        let parts = dataset.path.split(separator: "/")
        let isNumber = { (text: Substring) in !text.isEmpty && text.allSatisfy { ("0"..."9").contains($0) } }
        return parts.count == 4 && parts[0].first == "t" && isNumber(parts[0].dropFirst()) && parts[1].first == "s"
            && isNumber(parts[1].dropFirst()) && isNumber(parts[2]) && parts[3] == "cells"
    }
}
