internal import HTTP
internal import Volumes

/// The classes of a slice's pixels.
struct PictureLabels: Sendable {
    /// Class indices, and 255 for unlabeled.
    var labels: [UInt8]
    /// Why they may not be what was meant.
    var doubt: HTTPError?

    /// How many pixels were taken as unlabeled.
    var unlabeled: Int { labels.count { $0 == AnnotatedSlice.unlabeled } }

    /// Whether nothing is labelled.
    var isErasing: Bool { unlabeled == labels.count }
}
