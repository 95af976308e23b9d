/// Where the buffers of an arena lie, so that those in use at the same time nowhere overlap.
///
/// They are placed one after the other, each as low as it can be, those that are given a place before all others: once
/// the largest first and once those that are used first, and then again and again, as long as that may save room, with
/// the one that ended highest moved to the front.
struct Placement {
    /// The offset of each buffer, in floats.
    private(set) var offsets: [Int] = []
    /// The floats that they take.
    private(set) var top = Int.max

    private let buffers: [Buffer]
    private let sizes: [Int]
    /// For each buffer those that are in use at the same time.
    private let rivals: [[Int]]

    /// How often buffers are placed from each order at most; more saves next to nothing.
    private static let trials = 64

    init(of buffers: [Buffer]) {
        let sizes = buffers.map(\.rounded)
        self.buffers = buffers
        self.sizes = sizes
        rivals = buffers.map { buffer in buffers.indices.filter { buffers[$0].meets(buffer) } }
        // No placement takes less than what is in use at one time.
        let least = buffers.map { buffer in
            buffers.indices.reduce(0) { $0 + (buffers[$1].isInUse(at: buffer.first) ? sizes[$1] : 0) }
        }.max()
        let free = buffers.indices.filter { buffers[$0].place == nil }
        let bySize = free.sorted { (sizes[$0], $1) > (sizes[$1], $0) }
        let byUse = bySize.enumerated().sorted {
            (buffers[$0.element].first, $0.offset) < (buffers[$1.element].first, $1.offset)
        }.map(\.element)
        improve(from: bySize, least: least ?? 0)
        improve(from: byUse, least: least ?? 0)
    }

    private mutating func improve(from order: [Int], least: Int) {
        let fixed = buffers.indices.filter { buffers[$0].place != nil }
        var order = order
        for _ in 0..<Self.trials where top > least {
            guard let highest = place(fixed + order), let position = order.firstIndex(of: highest) else { return }
            order.remove(at: position)
            order.insert(highest, at: 0)
        }
    }

    /// Places the buffers in an order, keeps that if it takes less than all before, and returns the buffer that ended
    /// highest.
    private mutating func place(_ order: [Int]) -> Int? {
        var ends = [Int](repeating: 0, count: buffers.count)
        var placed = [Bool](repeating: false, count: buffers.count)
        var top = 0, highest: Int?
        for index in order {
            var offset = buffers[index].place ?? 0
            if buffers[index].place == nil {
                let others = rivals[index].filter { placed[$0] }.map { (ends[$0] - sizes[$0], ends[$0]) }
                for (start, end) in others.sorted(by: { $0.0 < $1.0 }) where start < offset + sizes[index] {
                    offset = max(offset, (end + 15) / 16 * 16)
                }
            }
            ends[index] = offset + sizes[index]
            placed[index] = true
            guard ends[index] > top else { continue }
            top = ends[index]
            highest = index
        }
        if top < self.top {
            self.top = top
            offsets = zip(ends, sizes).map { $0 - $1 }
        }
        return highest
    }
}
