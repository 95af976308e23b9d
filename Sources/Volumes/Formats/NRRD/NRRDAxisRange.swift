extension NRRDSpace {
    /// The spacings of an NRRD file's axes and the places of their first voxels, by "spacings", "axis mins" and
    /// "axis maxs", fastest first; NaN where the header does not say.
    struct AxisRange {
        /// `nil` if the header has no spacing.
        var lengths: [Double]?
        var firsts: [Double]

        /// Minimum and maximum are those of the outer voxels' far sides, or of their centres if the centering is "node";
        /// ITK and teem take "cell" where there is none.
        init(_ header: NRRDHeader) throws(VolumeError) {
            let sizes = try header.sizes()
            let numbers = { (text: String?) -> [Double] in
                let words = text?.words ?? []
                return sizes.indices.map { words.indices.contains($0) ? Double(words[$0]) ?? .nan : .nan }
            }
            let centerings = header["centerings", "centers"]?.words ?? []
            let isNode = sizes.indices.map { centerings.indices.contains($0) && centerings[$0].lowercased() == "node" }
            let (least, most) = (numbers(header["axis mins", "axismins"]), numbers(header["axis maxs", "axismaxs"]))
            let given = header["spacings"].map { numbers($0) }
            if let given {
                lengths = given
            } else if (least + most).contains(where: \.isFinite) {
                lengths = sizes.indices.map { (most[$0] - least[$0]) / Double(sizes[$0] - (isNode[$0] ? 1 : 0)) }
            }
            let steps = lengths ?? sizes.map { _ in .nan }
            firsts = sizes.indices.map { least[$0] + (isNode[$0] ? 0 : steps[$0] / 2) }
        }
    }
}
