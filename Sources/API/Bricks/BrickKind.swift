/// What of a volume can be had as bricks.
enum BrickKind: String, CaseIterable, Sendable {
    case image, prediction, uncertainty, truth, annotation
}
