internal import ArgumentParser
internal import Volumes

/// What the values of label files mean: indices of classes, or what `--values` says.
struct LabelMeaning: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The meaning of the label files' values, as pairs: 0:0,255:1 for masks of 0 and 255.",
            discussion: "A class goes by its index or its name in --classes; unlabeled is what is not annotated.",
            valueName: "pairs"))
    var values: String?

    /// The mapping of a file's values; `classes` are the names that are known.
    func mapping(_ classes: [String]) throws(CommandError) -> LabelMapping {
        guard let values else { return LabelMapping(classCount: 255) }
        do {
            let names = classes.isEmpty ? (0..<254).map { "class\($0)" } : classes
            return try LabelValues(values, classes: names).mapping
        } catch {
            throw CommandError("--values: \(error)")
        }
    }

    /// Throws for a file of 0 and 255 alone without `--values`: most programs write masks of two classes so.
    ///
    /// `outside` is how many of its unlabeled voxels the file doesn't have.
    func check(_ labels: any VoxelSource, _ path: String, classes: [String], outside: Int = 0) throws {
        guard values == nil else { return }
        var counts = try labels.labelCounts()
        counts[Int(AnnotatedSlice.unlabeled), default: 0] -= outside
        guard counts.filter({ $0.value > 0 }).keys.sorted() == [0, Int(AnnotatedSlice.unlabeled)] else { return }
        let names = classes.count > 1 ? classes : ["0", "1"]
        throw CommandError(
            "\(path) holds only 0 and 255, as masks of two classes do, and 255 means unlabeled here: if it is a class, "
                + "give --values \"0:\(names[0]),255:\(names[1])\"; if it is unlabeled, give --values "
                + "\"0:\(names[0]),255:unlabeled\"")
    }
}
