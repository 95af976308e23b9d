internal import HTTP
internal import Store
internal import Volumes

extension ClassMapping {
    /// Maps a slice's numbers, indices or colours to classes; `what` names the slice in messages.
    func labels(of picture: LabelPicture, in what: String) throws -> PictureLabels {
        let found = try picture.distinctValues()
        let reading = try reading(of: picture.kind, found, in: what)
        do {
            return PictureLabels(labels: try picture.labels(by: reading.mapping), doubt: reading.doubt)
        } catch VolumeError.unmappedLabel(let value, let pixel) {
            throw unmapped(value, at: "row \(pixel.y), column \(pixel.x)", by: reading, among: found)
        }
    }
}
