internal import Volumes

/// What the process that reads files of DICOM says of them: which series there are, and whether one is a volume.
enum DICOMTrial {
    static func run(_ bytes: [UInt8]) {
        // The file among the seeds is for `make check-package`.
        guard !bytes.dropFirst(128).starts(with: Array("DICM".utf8)) else { return }
        // The first line is what the sender says: the series.
        let lines = bytes.split(separator: 0x0a, maxSplits: 1, omittingEmptySubsequences: false)
        let word = String(decoding: lines[0], as: UTF8.self)
        Parser.refusable {
            let listing = DICOMListing(Array(lines.dropFirst().joined()))
            let stack = try DICOMStack(DICOMSeries(of: listing, VolumeHints(dataset: word == "-" ? nil : word)))
            expect(stack.extent.z > 0 && stack.extent.y > 0 && stack.extent.x > 0)
            expect(stack.channels == 1 || stack.channels == 3)
        }
    }
}
