internal import Exchange
internal import JSON
internal import Network
internal import Store
internal import Training
internal import Volumes

/// Words to choose from, each list with a name of its own, which made clients have a type for.
extension OpenAPI {
    static let wordSchemas: KeyValuePairs<String, JSONValue> = [
        "Axis": word(of: Axis.allCases.map(\.rawValue), "An axis of a volume"),
        "VolumeFormat": word(of: VolumeFormat.allCases.map(\.rawValue), "A format that volumes are written in"),
        "ModelFormat": word(of: ModelFormat.allCases.map(\.rawValue), "A format that models are written in"),
        "WeightLayout": word(
            of: ForeignOrigin.layouts.map(\.rawValue), "Whose names and shapes the tensors of weights have"),
        "IntensityScaling": word(
            of: IntensityScaling.allCases.map(\.rawValue), "By which voxels' mean and deviation images are scaled"),
        "SliceFormat": word(of: AnnotationRoutes.formats, "A format that slices of labels are written in"),
        "TableFormat": word(of: TableFormat.allCases.map(\.rawValue), "A format that tables are written in"),
        "ObjectFormat": word(of: ObjectRoutes.formats, "A format that objects are written in"),
        "ResultFormat": word(of: JobRoutes.ResultFormat.allCases.map(\.rawValue), "A format of an experiment's result"),
        "OverlayKind": word(of: PictureOverlay.kinds, "What can be drawn over the picture of a slice"),
        "BrickKind": word(of: BrickKind.allCases.map(\.rawValue), "What of a volume can be had as bricks"),
        "SliceRole": word(of: AnnotationRole.allCases.map(\.rawValue), "What an annotated slice is for"),
        "JobState": word(of: JobState.allCases.map(\.rawValue), "How far a job is"),
        "VoxelType": word(of: ElementType.allCases.map(\.rawValue), "A type of a voxel's value"),
        "ConvolutionPadding": word(
            of: UNetConfiguration.Padding.allCases.map(\.rawValue), "What convolutions do at the borders"),
        "NormalizationKind": word(
            of: UNetConfiguration.Normalization.allCases.map(\.rawValue), "A normalization of features"),
    ]
}
