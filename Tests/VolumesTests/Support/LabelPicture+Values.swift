import Volumes

extension LabelPicture {
    /// The numbers or indices of the pixels.
    var values: [UInt8] {
        get throws { try labels(by: LabelMapping(classCount: 255)) }
    }
}
