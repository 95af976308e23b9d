/// Limits of the API, in bytes.
package struct APISettings: Sendable {
    /// The largest file that may be uploaded.
    package var uploadLimit: Int
    /// The most voxel data that an uploaded file may hold once it is unpacked.
    package var volumeLimit: Int
    /// The most that files made for downloads may take before the oldest go.
    package var exportLimit: Int
    /// How many uploads and downloads are worked on at a time.
    package var workers: Int

    package init(
        uploadLimit: Int = 64 << 30, volumeLimit: Int = 256 << 30, exportLimit: Int = 16 << 30, workers: Int = 4
    ) {
        self.uploadLimit = uploadLimit
        self.volumeLimit = volumeLimit
        self.exportLimit = exportLimit
        self.workers = workers
    }

    /// Bodies in JSON are small.
    static let jsonLimit = 1 << 20
    /// A slice, whatever its format.
    static let sliceLimit = 64 << 20
}
