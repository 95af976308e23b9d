internal import Foundation
internal import HTTP
internal import Store
internal import Text

/// Makes copies of all data to be downloaded, one at a time: each takes as much of the disk as the database until it is sent.
actor BackupMaker {
    private let store: Store
    /// There while a copy is being sent, and removed with the last reference to its body.
    private let file: URL
    private var isMaking = false

    /// What is left free for what people send meanwhile.
    private static let room = 128 << 20

    init(store: Store, folder: URL) {
        self.store = store
        file = folder.appending(path: "backup.sqlite")
    }

    /// A checked copy with the state of one moment, as the body of an answer.
    ///
    /// Throws 503 while another one is made or sent, and 507 if the disk has no room for it.
    func make() async throws -> Response {
        try check()
        isMaking = true
        defer { isMaking = false }
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try await store.backup(to: file)
        let time = Date().formatted(.iso8601.timeSeparator(.omitted))
        var response = try Response.file(
            file, contentType: BackupRoutes.type, delete: true, filename: "slicewise-\(time).sqlite")
        response.headers["Cache-Control"] = "no-store"
        return response
    }

    /// Throws what `make` would refuse now.
    func check() throws {
        guard !isMaking, !FileManager.default.fileExists(atPath: file.path) else {
            throw HTTPError(
                503, "a backup is being made or sent already, one at a time; ask again when that has ended",
                headers: ["Retry-After": "30"])
        }
        try Self.checkRoom(for: store.databaseSize, in: store.freeBytes)
    }

    /// Throws 507 unless there are so many bytes free, and some more.
    static func checkRoom(for bytes: Int, in free: Int) throws(HTTPError) {
        guard free < bytes + room else { return }
        throw HTTPError(
            507,
            "a backup takes \(bytes.grouped) bytes of the server's disk until it is sent, and \(free.grouped) are free, of which "
                + "\(room.grouped) stay so; make room, or run `slicewise backup` with a file on another disk")
    }
}
