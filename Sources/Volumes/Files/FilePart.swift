/// Which part of its file a volume is, of a file that may hold more.
package struct FilePart: Codable, Hashable, Sendable {
    /// What `dataset=` takes it by; `nil` where parts have no such names.
    package var dataset: String?
    /// The resolution, counted from the finest, and the time point, where there are several.
    package var level: Int?
    package var time: Int?
    /// What the file has besides that could have been meant, as sentences for users.
    package var remarks: [String]

    package init(dataset: String? = nil, remarks: [String] = []) {
        self.dataset = dataset
        self.remarks = remarks
    }

    /// What a sender says to get this part of several.
    fileprivate var choice: String? { time.map { "time=\($0)" } ?? dataset.map { "dataset=\($0)" } }

    /// A remark on time points, of which the first is taken.
    ///
    /// `next` is the dataset by which the second is taken.
    static func firstOf(_ count: Int, next: String) -> String {
        "The file has \(count) time points, and the first was taken; dataset=\(next) takes the next one."
    }
}

extension VolumeHeader {
    /// Throws for labels that are a part of their file which nobody has chosen.
    func checkLabelsAreWhole(_ hints: VolumeHints) throws(VolumeError) {
        guard hints.areLabels, let remark = part?.remarks.first else { return }
        throw .unsupported(
            "it is not clear which labels are meant: \(remark.prefix(1).lowercased() + remark.dropFirst()) "
                + (part?.choice.map { "To take the first, say so: \($0)" }
                    ?? "Send those that are meant in a file of their own"))
    }
}
