/// The distances of sorted slices along their normal, which have to be even.
struct DICOMSteps {
    let distances: [Double]

    init(_ distances: [Double]) { self.distances = distances }

    /// Throws if several slices are at one place, or some are missing; `frames` are those at the distances.
    func check(_ frames: [DICOMFrame]) throws(VolumeError) {
        guard let first = distances.first, let last = distances.last, distances.count > 1 else { return }
        // How far apart two slices are at least that are at two places.
        let least = 0.01 * (last - first) / Double(distances.count)
        var groups: [[Int]] = [[0]]
        for index in 1..<distances.count {
            if distances[index] - distances[index - 1] <= least {
                groups[groups.count - 1].append(index)
            } else {
                groups.append([index])
            }
        }
        if let several = groups.first(where: { $0.count > 1 }) {
            throw .unsupported(
                "the series has \(frames.count) slices at \(groups.count) \(groups.count == 1 ? "place" : "places"), so "
                    + Self.difference(several.map { frames[$0] }))
        }
        try checkEvenness()
    }

    private func checkEvenness() throws(VolumeError) {
        let steps = zip(distances.dropFirst(), distances).map { $0 - $1 }
        let least = steps.min() ?? 1
        // Whole multiples of the smallest step are gaps; else the step in the middle tells which are unusual.
        let areMultiples = steps.allSatisfy { step in
            let count = step / least
            return abs(count - count.rounded()) <= 0.01 * count
        }
        let usual = areMultiples ? least : steps.sorted()[steps.count / 2]
        let uneven = steps.indices.filter { abs(steps[$0] - usual) > 0.01 * usual }
        let mean = (distances[distances.count - 1] - distances[0]) / Double(steps.count)
        let isDrifting = distances.indices.contains {
            abs(distances[$0] - distances[0] - Double($0) * mean) > 0.25 * mean
        }
        guard !uneven.isEmpty || isDrifting else { return }
        let places = uneven.prefix(5).map { index in
            "\(steps[index].formattedAsLength) mm between \(distances[index].formattedAsLength) and "
                + distances[index + 1].formattedAsLength
        }
        let missing = areMultiples && !uneven.isEmpty
        throw .unsupported(
            "\(missing ? "slices of the series are missing" : "the series' slices lie unevenly"): they "
                + "are \(usual.formattedAsLength) mm apart, but "
                + (places.isEmpty ? "less and less so" : places.joined(separator: ", "))
                + (uneven.count > 5 ? ", …" : "") + " (along their normal); send all of them, or a part without a gap")
    }

    /// The end of a sentence on frames at the same place.
    private static func difference(_ frames: [DICOMFrame]) -> String {
        let names = Set(frames.flatMap(\.marks.keys)).filter { name in Set(frames.map { $0.marks[name] }).count > 1 }
        let copies = ["SOPInstanceUID (0008,0018)", "InstanceNumber (0020,0013)"]
        let telling = names.filter { !copies.contains($0) }.sorted()
        guard telling.isEmpty else {
            return
                "it is several volumes: those at one place differ in \(telling.joined(separator: ", ")); send one time "
                + "point, echo or b-value at a time"
        }
        return names.contains(copies[0])
            ? "it is several volumes, in whose tags nothing tells which; send the files of one at a time"
            : "some of them are there twice; send each once"
    }
}
