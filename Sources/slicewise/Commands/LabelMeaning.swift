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

    @Option(
        help: ArgumentHelp(
            "The dataset of HDF5 label files and OME-Zarrs that have several: /label.", valueName: "path"))
    var labelDataset: String?

    /// The mapping of the values of a file of some kind; `classes` are the names that are known.
    func mapping(of kind: LabelPicture.Kind, _ classes: [String]) throws(CommandError) -> LabelMapping {
        guard let values else {
            guard kind != .colors else {
                throw CommandError("the labels have colours; say which class each is: --values \"#000000:0,#ff0000:1\"")
            }
            guard kind != .indices([.white, .black]) else {
                throw CommandError(
                    "0 is shown white and 1 black, and programs differ in which of the two they count: if the numbers "
                        + "do, give --values \"0:0,1:1\"; if white is 1, give --values \"#000000:0,#ffffff:1\"")
            }
            guard case .segments(let segments) = kind else { return LabelMapping(classCount: 255) }
            return try mapping(of: segments, classes)
        }
        if case .segments(let segments) = kind, segments.contains(where: \.isCounted) {
            throw CommandError(
                "the labels have layers in which one number is several segments; leave --values out, and give the segments "
                    + "the names in --classes")
        }
        let names = classes.isEmpty ? (0..<254).map { "class\($0)" } : classes
        let meaning: LabelValues
        do {
            meaning = try LabelValues(values, classes: names)
        } catch {
            throw CommandError("--values: \(error)")
        }
        let colors = meaning.colorMapping.with(transparent: meaning.transparent ?? AnnotatedSlice.unlabeled)
        return switch kind {
        case .colors: colors
        case .indices(let palette) where !meaning.colors.isEmpty: colors.indices(of: palette)
        case .indices, .numbers, .translucent, .segments: meaning.mapping
        }
    }

    /// Segments are classes by their names.
    private func mapping(of segments: [LabelSegment], _ classes: [String]) throws(CommandError) -> LabelMapping {
        var known: [Int64: UInt8] = [0: AnnotatedSlice.unlabeled]
        for segment in segments {
            guard let index = classes.firstIndex(of: segment.name).flatMap({ UInt8(exactly: $0) }) else {
                throw CommandError(
                    "the labels are segments, and \"\(segment.name)\" is the name of no class in --classes; say which "
                        + "class each is with --values, as in \"0:unlabeled,1:0,2:1\"; the segments are "
                        + segments.list)
            }
            if segment.value != 0, let other = known[segment.value], other != index {
                throw CommandError(
                    "in the labels \(segment.value) is several segments (\"\(classes[Int(other)])\", "
                        + "\"\(segment.name)\"); say which class it is with --values, as in "
                        + "\"0:unlabeled,\(segment.value):\(other)\"")
            }
            known[segment.value] = index
        }
        return LabelMapping(known)
    }

    /// Throws for a file of 0 and 255 or of 255 alone without `--values`: most programs write masks of two classes so.
    ///
    /// `outside` is how many of its unlabeled voxels the file doesn't have.
    func check(_ labels: any VoxelSource, _ path: String, classes: [String], outside: Int = 0) throws {
        guard values == nil else { return }
        var counts = try labels.labelCounts()
        counts[Int(AnnotatedSlice.unlabeled), default: 0] -= outside
        let found = counts.filter { $0.value > 0 }.keys.sorted()
        let names = classes.count > 1 ? classes : ["0", "1"]
        guard found != [Int(AnnotatedSlice.unlabeled)] else {
            throw CommandError(
                "\(path) holds only 255, and 255 means unlabeled here: if it is a class, give --values "
                    + "\"255:\(names[1])\"; if it is unlabeled, give --values \"255:unlabeled\"")
        }
        guard found == [0, Int(AnnotatedSlice.unlabeled)] else { return }
        throw CommandError(
            "\(path) holds only 0 and 255, as masks of two classes do, and 255 means unlabeled here: if it is a class, "
                + "give --values \"0:\(names[0]),255:\(names[1])\"; if it is unlabeled, give --values "
                + "\"0:\(names[0]),255:unlabeled\"")
    }
}
