internal import Volumes

/// Where the server has a volume's OME-Zarr.
extension OMEZarrVersion {
    /// The segment of paths below which the volume is.
    var folder: String {
        switch self {
        case .v04: "ome.zarr"
        case .v05: "ome.zarr3"
        }
    }

    /// The document that is read first.
    var entrance: String { documents.last ?? "" }
}
