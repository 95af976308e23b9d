internal import Training
internal import Volumes

/// By what an ONNX graph centres and scales intensities.
enum ONNXIntensities {
    /// Mean and deviation of all finite voxels of each image that it is given.
    case measured
    /// Those of one volume.
    case fixed([ChannelStatistics], IntensityScaling)
    /// By nothing: the image has mean 0 and deviation 1 already.
    case scaled
}
