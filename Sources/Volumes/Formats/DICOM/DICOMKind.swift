/// UIDs of DICOM (PS3.6) that mean something here.
enum DICOMKind {
    /// Objects that are no images though they lie among them, with what makes a volume of them.
    static let others: [String: (name: String, remedy: String)] = {
        let labels = "3D Slicer saves it as .seg.nrrd, which is taken as labels, and dcmqi's segimage2itkimage as NIfTI"
        let slides = "its tiles are no slices of a volume; save the level that is meant as TIFF"
        return [
            "1.2.840.10008.5.1.4.1.1.66.4": ("a segmentation (SEG)", labels),
            "1.2.840.10008.5.1.4.1.1.66.7": ("a label map (SEG)", labels),
            "1.2.840.10008.5.1.4.1.1.66.5": ("a surface segmentation", "3D Slicer makes labels of surfaces"),
            "1.2.840.10008.5.1.4.1.1.481.3": (
                "a set of contours (RTSTRUCT)",
                "3D Slicer with SlicerRT, or plastimatch convert, makes labels of them (.seg.nrrd, NIfTI)"
            ),
            "1.2.840.10008.5.1.4.1.1.481.2": (
                "a dose (RTDOSE)", "3D Slicer with SlicerRT, or plastimatch convert, saves it as NRRD"
            ),
            "1.2.840.10008.5.1.4.1.1.30": ("a parametric map", "dcmqi's paramap2itkimage saves it as NRRD or NIfTI"),
            "1.2.840.10008.5.1.4.1.1.77.1.6": ("a whole slide", slides),
        ]
    }()

    /// The list of what lies on a medium.
    static let directory = "1.2.840.10008.1.3.10"

    static let colors = ["RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT"]

    /// The transfer syntaxes that are read: bare, JPEG, JPEG-LS, JPEG 2000, RLE.
    static let syntaxes = bare.union(
        (["4.50", "4.51", "4.57", "4.70", "4.80", "4.81", "4.90", "4.91", "5"]).map { "1.2.840.10008.1.2." + $0 })

    private static let bare: Set<String> = [
        "1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.2",
    ]

    static func isPacked(_ syntax: String) -> Bool { !bare.contains(syntax) }

    /// Others by their names.
    static let otherSyntaxes: [String: String] = {
        let names = [
            "1.98": "Encapsulated Uncompressed Explicit VR Little Endian", "4.52": "JPEG Extended, Process 3 and 5",
            "4.53": "JPEG Spectral Selection", "4.55": "JPEG Full Progression", "4.92": "JPEG 2000 Part 2, lossless",
            "4.93": "JPEG 2000 Part 2", "4.94": "JPIP", "4.95": "JPIP, deflated", "4.100": "MPEG-2",
            "4.101": "MPEG-2", "4.102": "MPEG-4 AVC/H.264", "4.103": "MPEG-4 AVC/H.264", "4.104": "MPEG-4 AVC/H.264",
            "4.105": "MPEG-4 AVC/H.264", "4.106": "MPEG-4 AVC/H.264", "4.107": "HEVC/H.265", "4.108": "HEVC/H.265",
            "4.110": "JPEG XL, lossless", "4.111": "JPEG XL of JPEG", "4.112": "JPEG XL",
            "4.201": "High-Throughput JPEG 2000, lossless", "4.202": "High-Throughput JPEG 2000, lossless",
            "4.203": "High-Throughput JPEG 2000", "8.1": "Deflated Image Frame",
        ]
        var known = Dictionary(uniqueKeysWithValues: names.map { ("1.2.840.10008.1.2." + $0.key, $0.value) })
        known["1.2.840.113619.5.2"] = "a private one of GE"
        return known
    }()
}
