internal import Network
internal import Training
internal import Volumes

/// The README of a package of BioImage.IO, for whoever gets it.
struct PackageGuide {
    let model: PortableModel

    var text: String {
        let network = model.checkpoint.configuration
        let names = zip(PythonName.of(model.classes), model.classes).map { "- `\($0)`: \($1)" }
        let spacing =
            model.spacing.map {
                "The network sees voxels of \($0.z) × \($0.y) × \($0.x) (z, y, x)\($0.unit.map { " in \($0)" } ?? ""): bring "
                    + "images to that spacing."
            } ?? "It sees voxels as they are: images should have voxels about as large as those that it learned from."
        return """
            # \(model.name)

            A U-Net of \(network.dimensions) dimensions, trained in Slicewise on a few annotated slices; the class of a voxel \
            is the most probable one. Its input is 32-bit floats, batch × channel × z × y × x; a plane is a stack of one.

            ## Classes

            \(names.joined(separator: "\n"))

            ## Intensities

            \(intensities)

            \(spacing)

            ## Tiles

            Beyond its edges a tile is mirrored, so any size will do. Tiles of the sizes that the description names, with its \
            halo, agree with the whole image best. \(tiles)

            ## Validation

            Compare what it finds with a few annotated slices of your own images before you rely on it.

            Slicewise may average its own predictions over reflections of the volume; this package computes the image once.

            """
    }

    private var intensities: String {
        if let volume = model.volume {
            return
                "Gray values go in as they are. All are scaled as those of the volume \(volume.name): this package is for "
                + "that volume, and for others of the same brightness and contrast."
        }
        let padding =
            model.recipe.intensities == .all
            ? ""
            : " The model learned from images scaled without padding and outliers: cut them off."
        return
            "Each channel of the whole image is brought to mean 0 and deviation 1, and limited to ±8, before it is cut into "
            + "tiles. Numbers that are not finite have to be replaced.\(padding)"
    }

    private var tiles: String {
        model.dependsOnTiles
            ? "The norm of this network takes the statistics of each tile, so that results depend on how the image is cut: "
                + "large tiles are better."
            : ""
    }
}
