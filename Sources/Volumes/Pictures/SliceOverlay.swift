/// What is drawn over the picture of a slice.
package enum SliceOverlay: Sendable {
    /// Class indices, rows × columns, and a colour for each class that is drawn; 255 is not.
    case labels([UInt8], colors: [Color?])
    /// Numbers from 0 (transparent) to 1 (bright), rows × columns.
    case heat([Float])
}

extension SliceOverlay {
    /// Where a prediction is wrong about the chosen classes: what it has too much, what it misses, and where it takes
    /// one of them for another; voxels without a truth are left out.
    package static func errors(of prediction: [UInt8], truth: [UInt8], in classes: Set<UInt8>) -> SliceOverlay {
        let kinds = zip(prediction, truth).map { found, wanted -> UInt8 in
            guard found != wanted, wanted != AnnotatedSlice.unlabeled else { return AnnotatedSlice.unlabeled }
            switch (classes.contains(found), classes.contains(wanted)) {
            case (true, false): return 0
            case (false, true): return 1
            case (true, true): return 2
            case (false, false): return AnnotatedSlice.unlabeled
            }
        }
        return .labels(kinds, colors: ["#d55e00", "#0072b2", "#cc79a7"].map(Color.init(hex:)))
    }
}
