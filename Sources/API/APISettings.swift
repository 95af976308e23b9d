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
    /// Whether the server listens to its own machine only, which may then do without tokens.
    package var isLocal = true
    /// Other sites whose pages may use the server: `https://viewer.example.org`.
    package var allowedOrigins: Set<String> = []
    /// With less room on the disk than this many bytes the server does not call itself ready.
    package var reserve = 64 << 20

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
