import Volumes

extension Box {
    /// A box inside a volume that is not empty.
    static func random(in extent: Extent, using random: inout Random) -> Box {
        var box = Box(extent: extent)
        for axis in Axis.allCases {
            box.origin[axis] = Int.random(in: 0..<extent[axis], using: &random)
            box.extent[axis] = Int.random(in: 1...extent[axis] - box.origin[axis], using: &random)
        }
        return box
    }
}
