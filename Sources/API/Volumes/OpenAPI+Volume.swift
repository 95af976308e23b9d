internal import JSON
internal import Store
internal import Volumes

extension OpenAPI {
    static let volumeSchemas: KeyValuePairs<String, JSONValue> = [
        "Volume": record(
            "A 3D image of one or more channels.",
            [
                "name": text("The volume's name", example: "sample"),
                "shape": reference("Shape", "Its size"),
                "dtype": reference("VoxelType", "The type of a voxel's value"),
                "spacing": reference("VoxelSpacing", "The distances of its voxels"),
                "spacing_in_file": reference(
                    "VoxelSpacing", "What the file says of them, where its sender said otherwise"),
                "dataset": text(
                    "What of its file it is, of a file that may hold several: the path that dataset= takes it by",
                    example: "/raw"),
                "axes": text("The order of the file's axes, where its sender gave it", example: "czyx"),
                "level": integer("Which resolution of its file it is, of a file that has several, the finest being 0"),
                "time": integer("Which time point of its file it is, of a file that has several, the first being 0"),
                "levels": list(of: "Level", "The copies in which it can be looked at as bricks, itself first"),
                "sha256": text("The SHA-256 of the uploaded file, hexadecimal"),
                "bytes": integer("The size of the uploaded file in bytes"),
                "truth": boolean("Whether it has a dense truth"),
                "version": orNull(
                    text(
                        "Another one whenever its voxels are others, or read otherwise, for if-image and its bricks; null in "
                            + "the answer to a dry run")),
                "channels": list(of: "Channel", "The intensities of each channel"),
                "warnings": list(
                    text("A sentence"), "What is doubtful about the image, or what of its file was not taken"),
                "created": orNull(time("When it was uploaded; null in the answer to a dry run")),
                "format": text("Of a dry run: the file's format, such as nii.gz, tiff, hdf5 or dicom"),
                "change": word(
                    of: VolumeChange.allCases.map(\.rawValue),
                    "Of a dry run: whether the volume would be made, is the same already, or would be replaced"),
            ],
            optional: ["spacing_in_file", "dataset", "axes", "level", "time", "format", "change"]),
        "Shape": record(
            "A number of channels and of voxels along each axis.",
            [
                "c": integer("Channels", from: 1), "z": integer("Voxels along z", from: 1),
                "y": integer("Voxels along y", from: 1), "x": integer("Voxels along x", from: 1),
            ]),
        "VoxelSpacing": record(
            "The distances between the centres of neighbouring voxels.",
            [
                "z": number("Along z, in the unit", example: 2), "y": number("Along y, in the unit", example: 0.5),
                "x": number("Along x, in the unit", example: 0.5),
                "unit": orNull(text("The unit of length; null if the file doesn't say", example: "micrometer")),
            ]),
        "Channel": record(
            "Intensities of a channel, in the units of the file.",
            [
                "mean": number("The mean"), "deviation": number("The standard deviation"),
                "minimum": number("The smallest"), "maximum": number("The largest"),
                "low": number("The 1st percentile, shown black"), "high": number("The 99th percentile, shown white"),
                "non_finite": orNull(integer("Voxels that are NaN or infinite; null if never counted")),
                "set_aside": orNull(integer("Voxels of padding and outliers; null if never counted")),
                "name": text("What its file calls it, if it does", example: "DAPI"),
                "color": text("The colour that its file gives it, if it does", example: "#0000ff"),
            ], optional: ["name", "color"]),
    ]
}
