/// Grows tubules one after the other into free space: each coils and turns away from those grown before.
struct TubuleGrowth {
    private let size: Point
    private let radius: Double
    private let cell: Double
    private var tubules: [Tubule] = []
    private var samples: [Cell: [Sample]] = [:]

    private struct Cell: Hashable {
        var z: Int
        var y: Int
        var x: Int
    }

    private struct Sample {
        let point: Point
        let radius: Double
        let tubule: Int
        let step: Int
    }

    /// `size` is the size of the space to fill, `radius` the largest outer radius.
    init(size: Point, radius: Double) {
        self.size = size
        self.radius = radius
        cell = 2.5 * radius
    }

    /// Fills the space: thick tubules first, then thinner ones in the gaps.
    mutating func grow(using random: inout Random) -> [Tubule] {
        for share in [1, 0.85, 0.7] {
            var failures = 0
            while failures < 400 && tubules.count < 20_000 {
                let kind = Double.random(in: 0..<1, using: &random)
                let tubule = Tubule(
                    radius: radius * share * Double.random(in: 0.88...1, using: &random),
                    lumen: kind < 0.3
                        ? Double.random(in: 0.3..<0.42, using: &random) : Double.random(in: 0.42..<0.7, using: &random),
                    stains: (0..<3).map { _ in Double.random(in: 0.45..<1.25, using: &random) })
                failures = grow(tubule, using: &random) ? 0 : failures + 1
            }
        }
        return tubules
    }

    /// Grows one tubule in both directions from a random free point; false if it stays too short.
    private mutating func grow(_ tubule: Tubule, using random: inout Random) -> Bool {
        let reach = tubule.radius
        let start = Point(
            z: .random(in: -reach..<size.z + reach, using: &random),
            y: .random(in: -reach..<size.y + reach, using: &random),
            x: .random(in: -reach..<size.x + reach, using: &random))
        guard clearance(start, tubule.radius, step: 0) > 0 else { return false }
        let direction = Point.direction(using: &random)
        let forth = path(of: tubule, from: start, towards: direction, besides: [], using: &random)
        let back = path(of: tubule, from: start, towards: direction * -1, besides: forth, using: &random)
        guard Double(forth.count + back.count) * step(tubule) > 3 * tubule.radius else { return false }
        var grown = tubule
        grown.middle = back.reversed() + [start] + forth
        for (index, point) in grown.middle.enumerated() {
            samples[cell(of: point), default: []].append(
                Sample(point: point, radius: tubule.radius, tubule: tubules.count, step: index))
        }
        tubules.append(grown)
        return true
    }

    private func step(_ tubule: Tubule) -> Double { tubule.radius / 8 }

    private func path(
        of tubule: Tubule, from start: Point, towards direction: Point, besides other: [Point],
        using random: inout Random
    ) -> [Point] {
        let step = step(tubule)
        var path: [Point] = []
        var point = start
        var heading = direction
        var axis = Point.direction(using: &random)
        var coil = tubule.radius * Double.random(in: 1.6..<4, using: &random)
        while path.count < 400 {
            if path.count % 24 == 23 {
                axis = (axis + Point.direction(using: &random) * 0.8).unit
                coil = tubule.radius * Double.random(in: 1.6..<4, using: &random)
            }
            let bent = (heading + axis.cross(heading) * (step / coil)).unit
            guard
                let next = best(bent, at: point, tubule, own: [start] + path, other, using: &random)
            else { break }
            heading = next
            point = point + heading * step
            path.append(point)
            guard isNear(point, margin: 2 * tubule.radius) else { break }
        }
        return path
    }

    /// The direction, among some near `wanted`, with the most room ahead; `nil` if none has room.
    private func best(
        _ wanted: Point, at point: Point, _ tubule: Tubule, own: [Point], _ other: [Point],
        using random: inout Random
    ) -> Point? {
        let look = tubule.radius * 0.4
        var best: (heading: Point, score: Double)?
        for trial in 0..<12 {
            let turn = trial == 0 ? 0 : 0.09 * Double(trial)
            let heading = (wanted + Point.direction(using: &random) * turn).unit
            let ahead = point + heading * look
            var room = clearance(ahead, tubule.radius, step: 0)
            room = min(room, selfClearance(ahead, tubule.radius, own, other))
            guard room > 0 else { continue }
            let score = min(room, 0.4 * tubule.radius) - turn * 0.2 * tubule.radius
            if score > best?.score ?? -.infinity { best = (heading, score) }
            if trial == 0 && room > 0.4 * tubule.radius { break }
        }
        return best?.heading
    }

    /// The distance from a tubule around this point to the nearest other one; negative if they would overlap.
    private func clearance(_ point: Point, _ radius: Double, step: Int) -> Double {
        let middle = cell(of: point)
        var room = Double.infinity
        for z in middle.z - 1...middle.z + 1 {
            for y in middle.y - 1...middle.y + 1 {
                for x in middle.x - 1...middle.x + 1 {
                    for sample in samples[Cell(z: z, y: y, x: x)] ?? [] {
                        let distance = (sample.point - point).squaredLength.squareRoot()
                        room = min(room, distance - 1.02 * (sample.radius + radius))
                    }
                }
            }
        }
        return room
    }

    /// The distance to the tubule's own points, except for the most recent ones.
    private func selfClearance(_ point: Point, _ radius: Double, _ own: [Point], _ other: [Point]) -> Double {
        let skipped = 22
        var nearest = Double.infinity
        for earlier in own.dropLast(skipped) { nearest = min(nearest, (earlier - point).squaredLength) }
        for earlier in other.dropFirst(max(skipped - own.count, 0)) {
            nearest = min(nearest, (earlier - point).squaredLength)
        }
        return nearest.squareRoot() - 2.05 * radius
    }

    private func isNear(_ point: Point, margin: Double) -> Bool {
        point.z > -margin && point.y > -margin && point.x > -margin && point.z < size.z + margin
            && point.y < size.y + margin && point.x < size.x + margin
    }

    private func cell(of point: Point) -> Cell {
        Cell(
            z: Int((point.z / cell).rounded(.down)), y: Int((point.y / cell).rounded(.down)),
            x: Int((point.x / cell).rounded(.down)))
    }
}
