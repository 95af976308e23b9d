internal import Volumes

/// What the process that reads a file of HDF5 says of it: of the files themselves that process understands more than can
/// be tried here, and ends with those that it doesn't.
enum HDF5Trial {
    static func run(_ bytes: [UInt8]) {
        // The files among the seeds are for the tests.
        guard !bytes.starts(with: [0x89, 0x48, 0x44, 0x46]) else { return }
        // The first line is what the sender says: the dataset, and the axes.
        let lines = bytes.split(separator: 0x0a, maxSplits: 1, omittingEmptySubsequences: false)
        let words = String(decoding: lines[0], as: UTF8.self).split(separator: " ").map(String.init)
        var hints = VolumeHints(axes: words.dropFirst().first, dataset: words.first)
        if hints.dataset == "-" { hints.dataset = nil }
        Parser.refusable {
            let selection = try HDF5Selection(of: HDF5Listing(Array(lines.dropFirst().joined())), hints)
            expect(!selection.datasets.isEmpty && selection.sizes.count == selection.axes.count)
            for dataset in selection.datasets {
                expect(dataset.sizes.count == selection.sizes.count, "other axes than the dataset's are read")
                expect(zip(dataset.sizes, selection.sizes).allSatisfy { $0 >= $1 }, "more than the dataset is read")
            }
            for axis in zip(selection.axes, selection.sizes) where axis.0 == "-" { expect(axis.1 == 1) }
        }
    }
}
