internal import Text

extension [ChannelStatistics] {
    /// Why no channel has any contrast, as the end of a sentence; `nil` if one has.
    package func flaw(of header: VolumeHeader) -> String? {
        guard !isEmpty, allSatisfy({ $0.minimum == $0.maximum }) else { return nil }
        if allSatisfy({ $0.nonFinite == header.extent.voxels }) { return "every voxel is NaN or infinite" }
        guard count == 1, let value = first?.minimum else { return "every voxel of a channel has the same value" }
        return "every voxel has the same value, \(value)"
    }

    /// What is doubtful about an image, as sentences for users.
    package func warnings(about header: VolumeHeader) -> [String] {
        if let flaw = flaw(of: header) { return ["In this volume \(flaw), so nothing can be learned from it."] }
        return indices.flatMap { channel in
            self[channel].warnings(
                named: count == 1 ? "the image" : "channel \(channel)", voxels: header.extent.voxels)
        }
    }
}

extension ChannelStatistics {
    fileprivate func warnings(named name: String, voxels: Int) -> [String] {
        var warnings: [String] = []
        if nonFinite == voxels {
            return ["Every voxel of \(name) is NaN or infinite."]
        } else if minimum == maximum {
            warnings.append("Every voxel of \(name) has the same value, \(minimum).")
        }
        if let nonFinite, nonFinite > 0 {
            warnings.append(
                "\(nonFinite.counting("voxel")) of \(name) \(nonFinite == 1 ? "is" : "are") NaN or infinite: unlabeled, and seen "
                    + "as the mean."
            )
        }
        if let typical, typical.setAside > 0 {
            warnings.append(
                "\(typical.setAside.counting("voxel")) of \(name) \(typical.setAside == 1 ? "lies" : "lie") far outside the range of "
                    + "the others, \(typical.least) to \(typical.most): padding or outliers, which do not count for its "
                    + "contrast.")
        }
        return warnings
    }
}
