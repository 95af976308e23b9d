/// Limits of the API, in bytes.
package struct APISettings: Sendable {
    /// The largest file that may be uploaded.
    package var uploadLimit: Int
    /// The largest voxel data that an uploaded file may contain when decompressed.
    package var volumeLimit: Int
    /// The size limit of the files kept for downloads; the least recently used are removed first.
    package var exportLimit: Int
    /// How many uploads and downloads are processed at a time.
    package var workers: Int
    /// Whether the server listens on the loopback interface only, where tokens are optional.
    package var isLocal = true
    /// Other sites whose pages may use the server, such as `https://viewer.example.org`.
    package var allowedOrigins: Set<String> = []
    /// Folders of this machine, and addresses of folders elsewhere, from which volumes may be taken.
    package var importRoots: [String] = []
    /// Seconds between attempts to fetch a file from elsewhere.
    package var importPauses: [Double] = [0.5, 3]
    /// The version of the program, which workers have to have, too.
    package var version = "unknown"
    /// With less free disk space than this, the server reports that it is not ready.
    package var reserve = 64 << 20

    package init(
        uploadLimit: Int = 64 << 30, volumeLimit: Int = 256 << 30, exportLimit: Int = 16 << 30, workers: Int = 4
    ) {
        self.uploadLimit = uploadLimit
        self.volumeLimit = volumeLimit
        self.exportLimit = exportLimit
        self.workers = workers
    }

    /// The largest JSON body.
    static let jsonLimit = 1 << 20
    /// The largest slice, in any format.
    static let sliceLimit = 64 << 20
}
