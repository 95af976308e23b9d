internal import ArgumentParser
internal import Foundation
internal import Text
internal import Volumes

/// `slicewise phantom`: makes a test image with its truth.
struct PhantomCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "phantom",
        abstract: "Make a test image of coiling tubules, with its truth.",
        discussion: """
            Writes to the folder:
              image.nii.gz      the image, uint16, as a confocal microscope might see it
              label.nii.gz      the truth, uint8: the class of every voxel
              sparse.nii.gz     --slices slices of the truth per axis, all other voxels 255 (unlabeled)
              slices/z-24.png   the same slices as single pictures, as they are posted to a server
            The same size, channels and seed always make the same files.
            """)

    @Option(help: ArgumentHelp("Voxels along each axis.", valueName: "z,y,x"))
    var size = Extent(z: 48, y: 160, x: 160)

    @Option(help: "Channels of the image, 1 to 3.")
    var channels = 3

    @Option(help: "The seed of the random numbers.")
    var seed: UInt64 = 1

    @Option(help: "Annotated slices per axis in the sparse example.")
    var slices = 2

    @Option(help: ArgumentHelp("The folder to write to; it is made if it does not exist.", valueName: "folder"))
    var out: String

    func validate() throws {
        guard (1...3).contains(channels) else { throw ValidationError("--channels must be from 1 to 3.") }
        guard slices >= 0, slices <= min(size.z, size.y, size.x) else {
            throw ValidationError("--slices must be from 0 to the smallest of the sizes.")
        }
    }

    func run() async throws {
        try OutputPlace.check(folder: out)
        let folder = URL(filePath: out, directoryHint: .isDirectory)
        let pictures = folder.appending(path: "slices", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: pictures, withIntermediateDirectories: true)
        let phantom = try Phantom(extent: size, channels: channels, seed: seed).make()
        try writeVolume(phantom.image, as: .niftiGzip, to: folder.appending(path: "image.nii.gz"))
        try writeVolume(phantom.truth, as: .niftiGzip, to: folder.appending(path: "label.nii.gz"))
        let annotated = try phantom.truth.evenSlices(slices)
        for slice in annotated {
            let (rows, columns) = slice.position.plane(in: size)
            let png = try PNG.encodePalette(
                slice.values, rows: rows, columns: columns, palette: Color.palette(Phantom.classes.count))
            let name = "\(slice.axis.rawValue)-\(slice.index).png"
            try Data(png).write(to: pictures.appending(path: name), options: .atomic)
        }
        let sparse = SparseLabels(of: phantom.truth.header, slices: annotated)
        try writeVolume(sparse, as: .niftiGzip, to: folder.appending(path: "sparse.nii.gz"))
        print(
            "wrote image.nii.gz, label.nii.gz, sparse.nii.gz and \(annotated.count.counting("slice")) to \(folder.relativePath)"
        )
    }
}
