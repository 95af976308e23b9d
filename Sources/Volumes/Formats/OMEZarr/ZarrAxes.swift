/// The names of an array's axes: t, c, z, y, x.
enum ZarrAxes {
    /// Of an image, whose metadata name them, unless the sender does.
    static func letters(
        of array: ZarrArrayHeader, _ names: [Character], _ hint: String?
    ) throws(VolumeError) -> [Character] {
        if let hint { return try hinted(hint, array) }
        guard names.count == array.shape.count else {
            throw .malformed(
                "the OME-Zarr names \(names.count) axes; its array \(ZarrPath.shown(array.path)) has \(array.sizesText): "
                    + "name them with axes=")
        }
        guard !names.contains("?") else {
            throw .unsupported(
                "the OME-Zarr has axes that are neither t, c, z, y nor x: name all of them in order with axes=, as in "
                    + "axes=czyx; the array has \(array.sizesText)")
        }
        return try checked(names, array)
    }

    /// Of a bare array: by the sender, by the names that format 3 may have, or z, y, x.
    static func letters(of array: ZarrArrayHeader, _ hint: String?) throws(VolumeError) -> [Character] {
        if let hint { return try hinted(hint, array) }
        let names = array.names.compactMap { $0?.lowercased() }
        if names.count == array.shape.count, names.allSatisfy({ $0.count == 1 && "tczyx".contains($0) }) {
            return try checked(names.compactMap(\.first), array)
        }
        switch array.shape.count {
        case 2: return ["y", "x"]
        case 3: return ["z", "y", "x"]
        default:
            throw .unsupported(
                "the array \(ZarrPath.shown(array.path)) has \(array.sizesText) and doesn't say which axis is which; name "
                    + "them in this order with axes=, as in axes=czyx")
        }
    }

    private static func hinted(_ hint: String, _ array: ZarrArrayHeader) throws(VolumeError) -> [Character] {
        let letters = Array(hint.lowercased())
        guard letters.count == array.shape.count, letters.allSatisfy({ "tczyx".contains($0) }) else {
            throw .unsupported(
                "axes=\(hint.prefix(20)) must name the array's axes, \(array.sizesText), each with a letter of t, c, z, y "
                    + "and x")
        }
        return try checked(letters, array)
    }

    private static func checked(
        _ letters: [Character], _ array: ZarrArrayHeader
    ) throws(VolumeError) -> [Character] {
        guard Set(letters).count == letters.count, letters.contains("y"), letters.contains("x") else {
            throw .unsupported(
                "the axes of the array \(ZarrPath.shown(array.path)) are named \(String(letters)); y and x must be among "
                    + "them, and each once: name them with axes=")
        }
        return letters
    }

    /// With the time point that is meant, which `part` remembers.
    static func selection(
        of array: ZarrArrayHeader, _ axes: [Character], _ hints: VolumeHints, _ part: inout FilePart
    ) throws(VolumeError) -> ZarrSelection {
        let count = axes.firstIndex(of: "t").map { array.shape[$0] } ?? 1
        let time = hints.time ?? 0
        guard time < count else {
            throw .unsupported(
                "time=\(time): the OME-Zarr has \(count == 1 ? "no time points" : "the time points 0 to \(count - 1)")")
        }
        if count > 1 {
            part.time = time
            if hints.time == nil {
                part.remarks.append(
                    "The image has \(count) time points, and the first was taken; time=1 takes the next one.")
            }
        }
        return ZarrSelection(array: array, axes: axes, time: time)
    }
}
