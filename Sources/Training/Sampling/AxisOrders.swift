internal import Volumes

extension Axis {
    /// The orders into which the axes of a patch that is drawn for a slice may be brought by exchanging some of them.
    ///
    /// Of two that lie within the slice and are exchanged the longer edge comes last, so that there are few shapes of
    /// patches, each of which takes memory.
    static func orders(exchanging axes: [Axis], in extent: Extent, normal: Axis) -> [[Axis]] {
        let all: [[Axis]] = [[.z, .y, .x], [.z, .x, .y], [.y, .z, .x], [.y, .x, .z], [.x, .z, .y], [.x, .y, .z]]
        return all.filter { order in
            let edges = order.filter { $0 != normal && axes.contains($0) }.map { extent[$0] }
            let moved = zip(order, Axis.allCases).filter { $0 != $1 }
            return moved.allSatisfy { axes.contains($0) && axes.contains($1) } && edges == edges.sorted()
        }
    }
}

extension Extent {
    /// The extent of an array whose axes are put into this order.
    func transposed(to order: [Axis]) -> Extent {
        Extent(z: self[order[0]], y: self[order[1]], x: self[order[2]])
    }
}

extension UnsafeMutableBufferPointer {
    /// Puts the axes of a Z×Y×X array into this order.
    func transpose(to order: [Axis], of extent: Extent) {
        guard order != Axis.allCases else { return }
        let source = Array(self)
        let steps = order.map { [extent.y * extent.x, extent.x, 1][$0.place] }
        let target = extent.transposed(to: order)
        var place = 0
        for z in 0..<target.z {
            for y in 0..<target.y {
                let start = z * steps[0] + y * steps[1]
                for x in 0..<target.x {
                    self[place] = source[start + x * steps[2]]
                    place += 1
                }
            }
        }
    }
}
