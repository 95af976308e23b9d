internal import Foundation
internal import HTTP
internal import JSON

/// The form that MONAI Label answers with: parameters, then a file.
///
/// Its clients read it by hand: the boundary is not quoted and ends its line, the parts come in this order, and the
/// length is told. It is made in a file, whatever its size.
struct MONAIReply {
    private static let piece = 1 << 20

    private let parameters: JSONValue
    private let file: URL
    private let name: String

    init(_ parameters: JSONValue, file: URL, name: String) {
        self.parameters = parameters
        self.file = file
        self.name = name
    }

    /// Blocks while it copies the file.
    func response(scratch: URL) throws -> Response {
        let boundary = "slicewise-\(UUID().uuidString.lowercased())"
        let url = scratch.appending(path: "reply-\(UUID().uuidString)")
        do {
            try Data(head(boundary).utf8).write(to: url)
            let (source, target) = (try FileHandle(forReadingFrom: file), try FileHandle(forWritingTo: url))
            defer {
                try? source.close()
                try? target.close()
            }
            try target.seekToEnd()
            while let bytes = try source.read(upToCount: Self.piece), !bytes.isEmpty {
                try target.write(contentsOf: bytes)
            }
            try target.write(contentsOf: Data("\r\n--\(boundary)--\r\n".utf8))
        } catch {
            try? FileManager.default.removeItem(at: url)
            throw error
        }
        return try .file(url, contentType: "multipart/form-data; boundary=\(boundary)", delete: true)
    }

    private func head(_ boundary: String) -> String {
        [
            "--\(boundary)", "Content-Disposition: form-data; name=\"params\"", "Content-Type: application/json", "",
            parameters.text, "--\(boundary)", "Content-Disposition: form-data; name=\"image\"; filename=\"\(name)\"",
            "Content-Type: application/octet-stream", "", "",
        ].joined(separator: "\r\n")
    }
}
