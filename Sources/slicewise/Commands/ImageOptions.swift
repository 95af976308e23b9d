internal import ArgumentParser
internal import Volumes

/// What the user knows better than the files of images.
struct ImageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The distances between voxels of the images, whatever their files say.", valueName: "z,y,x"))
    var spacing: Spacing?

    @Option(help: "The unit of the spacing, whatever the files say: micrometer.")
    var unit: String?

    @Option(
        help: ArgumentHelp(
            "The order of the axes of NPY, HDF5, Zarr and TIFF images, slowest first: czyx.", valueName: "letters"))
    var axes: String?

    @Option(
        help: ArgumentHelp(
            "The dataset of HDF5 images and OME-Zarrs that have several, or the UID of a series of DICOM: /raw.",
            valueName: "path"))
    var dataset: String?

    @Option(help: ArgumentHelp("The resolution of OME-Zarr images, the finest being 0.", valueName: "number"))
    var level: Int?

    @Option(help: ArgumentHelp("The time point of OME-Zarr images, the first being 0.", valueName: "number"))
    var time: Int?

    func validate() throws {
        guard level ?? 0 >= 0, time ?? 0 >= 0 else {
            throw ValidationError("--level and --time must not be negative.")
        }
        if let unit, !Spacing.isUnit(unit) {
            throw ValidationError(
                "--unit must be 1 to 40 characters, none of them a control character, a double quote or a backslash.")
        }
    }

    /// A text that changes when an image is read in another way.
    var identity: String {
        [spacing?.text, unit, axes, dataset, level.map { "\($0)" }, time.map { "\($0)" }].map { $0 ?? "" }
            .joined(separator: "\n")
    }

    var hints: VolumeHints {
        VolumeHints(spacing: spacing, unit: unit, axes: axes, dataset: dataset, level: level, time: time)
    }

    /// Opens an image; where its spacing is not the file's, or the file has more than is taken, says so.
    func open(_ path: String) throws -> any VoxelSource {
        let source = try VolumeFile(path).open(hints)
        Self.tell(path, source.header)
        return source
    }

    /// Says where an image's spacing is not its file's, or the file has more than is taken.
    static func tell(_ path: String, _ header: VolumeHeader) {
        if let file = header.spacingInFile {
            say("\(path): takes the spacing \(header.spacing.text), not the file's \(file.text)")
        }
        for remark in header.part?.remarks ?? [] { note("\(path): \(remark)") }
    }
}

/// `z,y,x` on the command line.
extension Spacing: ExpressibleByArgument {
    package init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
        guard numbers.count == 3, argument.count(where: { $0 == "," }) == 2,
            numbers.allSatisfy({ $0 > 0 && $0.isFinite })
        else { return nil }
        self.init(z: numbers[0], y: numbers[1], x: numbers[2])
    }
}

extension Spacing {
    var text: String { "\(z),\(y),\(x)" + (unit.map { " \($0)" } ?? "") }
}
