internal import Foundation
internal import HTTP
internal import JSON
internal import Store
internal import Volumes

/// An image that is there for a time only: a volume of the project whose name says until when.
struct MONAISession: Sendable {
    private static let prefix = "monai-session-"

    /// The volume's.
    let name: String
    /// Seconds since 1970.
    let end: Int

    /// A new one; `lifetime` in seconds.
    init(lifetime: Int) {
        end = Int(Date().timeIntervalSince1970) + lifetime
        name = "\(Self.prefix)\(end)-\(UUID().uuidString.prefix(8).lowercased())"
    }

    /// `nil` if the name is not that of a session.
    init?(named name: String) {
        guard name.hasPrefix(Self.prefix) else { return nil }
        let parts = name.dropFirst(Self.prefix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 8, let end = Int(parts[0]) else { return nil }
        self.name = name
        self.end = end
    }

    var isOver: Bool { Double(end) <= Date().timeIntervalSince1970 }

    /// What MONAI Label tells of a session.
    func json(of volume: VolumeRecord) -> JSONValue {
        let created = Int(volume.created.timeIntervalSince1970)
        return [
            "name": .string(name), "path": "", "image": .string("\(name).nii.gz"), "meta": [:],
            "create_ts": .integer(created), "last_access_ts": .integer(created), "expiry": .integer(end - created),
        ]
    }
}

extension API {
    /// Stores an image as a session.
    func monaiSession(_ file: UploadedFile, of project: ProjectRecord, lifetime: Int) async throws -> (
        session: MONAISession, volume: VolumeRecord
    ) {
        try await monaiEndSessions(of: project)
        let session = MONAISession(lifetime: lifetime)
        let (volume, _) = try await monaiStore(file, as: session.name, in: project, replace: false)
        return (session, volume)
    }

    /// Removes the sessions whose time is over.
    func monaiEndSessions(of project: ProjectRecord) async throws {
        for volume in try await store.volumes(project: project.id)
        where MONAISession(named: volume.name)?.isOver == true {
            try await monaiRemove(volume, of: project)
        }
    }

    /// Stores an image as a volume; one of the name with other content is replaced only if `replace` says so.
    func monaiStore(
        _ file: UploadedFile, as name: String, in project: ProjectRecord, replace: Bool
    ) async throws -> (volume: VolumeRecord, isNew: Bool) {
        let known = try await store.volumes(project: project.id).first { $0.name == name }
        let importer = VolumeImport(store: store, scratch: scratch, limit: settings.volumeLimit)
        let image: VolumeImport.Image?
        do {
            image = try await work.run {
                try importer.image(ImageFile(file), hints: VolumeHints(), known: known, replace: replace)
            }
        } catch let error as HTTPError where error.field == "replace" {
            throw HTTPError.conflict(
                "the image \(name) exists with other content; give yours another name, or fetch that one (Next "
                    + "Sample). With {\"replace\": true} in params it is replaced, and its labels and predictions go",
                field: "image")
        }
        guard let image else {
            guard let known else { throw StoreError.notFound("volume \(name)") }
            return (known, false)
        }
        let (volume, change) = try await store.putVolume(
            project: project.id, name: name, grid: image.grid, statistics: image.statistics, sha256: image.sha256,
            bytes: image.bytes, replace: replace)
        if change == .replaced { await exports.remove([.volume(volume.id)]) }
        return (volume, change == .created)
    }

    func monaiRemove(_ volume: VolumeRecord, of project: ProjectRecord) async throws {
        try await store.deleteVolume(project: project.id, name: volume.name)
        await exports.remove([.volume(volume.id)])
    }
}
