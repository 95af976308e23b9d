internal import HTTP
internal import Volumes

extension Request {
    /// The most bricks in an answer.
    private static let mostBricks = 4096

    /// The boxes in the query, `box=z0,y0,x0,z1,y1,x1`, as far as they lie in a grid; all of it without one.
    func boxes(in grid: BrickGrid) throws(HTTPError) -> [Box] {
        var boxes: [Box] = []
        for text in head.query.all("box") { boxes.append(try Self.box(text, in: grid.extent)) }
        if boxes.isEmpty { boxes = [Box(extent: grid.extent)] }
        let count = boxes.reduce(0) { $0 + grid.bricksCount(touching: $1) }
        guard count <= Self.mostBricks else {
            throw .invalid(
                "the box touches \(count) bricks; an answer has at most \(Self.mostBricks): ask for a part of it, or for a "
                    + "higher level", field: "box")
        }
        return boxes
    }

    private static func box(_ text: String, in extent: Extent) throws(HTTPError) -> Box {
        let ends = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard ends.count == 6, (0..<3).allSatisfy({ 0 <= ends[$0] && ends[$0] < ends[$0 + 3] }) else {
            throw .invalid(
                "box must be six whole numbers from 0, z0,y0,x0,z1,y1,x1, the last three above the first three, not "
                    + "\"\(text.prefix(80))\"", field: "box")
        }
        let box = Box(
            origin: Voxel(z: ends[0], y: ends[1], x: ends[2]),
            extent: Extent(z: ends[3] - ends[0], y: ends[4] - ends[1], x: ends[5] - ends[2])
        ).intersection(Box(extent: extent))
        guard !box.isEmpty else {
            throw .invalid(
                "the box \(text) lies outside of the level, which has \(extent.z)×\(extent.y)×\(extent.x) voxels (z×y×x)",
                field: "box")
        }
        return box
    }
}

extension BrickGrid {
    /// How many bricks share voxels with a box inside of the grid.
    fileprivate func bricksCount(touching box: Box) -> Int {
        Axis.allCases.reduce(1) { count, axis in
            let range = box.range(axis)
            return count * ((range.upperBound - 1) / edge - range.lowerBound / edge + 1)
        }
    }

    /// The bricks that share voxels with the boxes, each once, box after box.
    func bricks(touching boxes: [Box]) -> [BrickIndex] {
        var known: Set<BrickIndex> = []
        return boxes.flatMap { bricks(touching: $0) }.filter { known.insert($0).inserted }
    }
}
