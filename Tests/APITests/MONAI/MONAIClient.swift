import Foundation
import HTTP
import JSON
import TestSupport
import Testing
import Volumes

/// Asks as MONAI Label's own Python client does, byte for byte.
struct MONAIClient {
    private static let boundary = "----------lImIt_of_THE_fIle_eW_$"

    let fixture: APIFixture
    var headers: Headers = [:]
    var place = "/monai/p"

    /// A part of a form with the name of a file.
    struct File {
        var field: String
        var name = "/tmp/Slicer-x/tmp8k.nii.gz"
        var bytes: [UInt8]
    }

    func get(_ target: String) async throws -> Reply { try await fixture(.get, place + target, headers: headers) }
    func delete(_ target: String) async throws -> Reply { try await fixture(.delete, place + target, headers: headers) }

    /// Sends JSON.
    func post(_ target: String, _ json: String = #"{"client_id": null}"#) async throws -> Reply {
        var headers = headers
        headers["Content-Type"] = "application/json"
        return try await fixture(.post, place + target, headers: headers, Array(json.utf8))
    }

    /// Sends a form: `params`, then files.
    func send(
        _ method: HTTP.Method, _ target: String, params: String? = #"{"client_id": "user-xyz"}"#, _ files: File...
    ) async throws -> Reply {
        var body: [UInt8] = []
        func line(_ text: String) { body += Array(text.utf8) + [0x0d, 0x0a] }
        if let params {
            line("--\(Self.boundary)")
            line(#"Content-Disposition: form-data; name="params""#)
            line("")
            line(params)
        }
        for file in files {
            line("--\(Self.boundary)")
            line(#"Content-Disposition: form-data; name="\#(file.field)"; filename="\#(file.name)""#)
            line("Content-Type: application/octet-stream")
            line("")
            body += file.bytes + [0x0d, 0x0a]
        }
        line("--\(Self.boundary)--")
        line("")
        var headers = headers
        headers["Content-Type"] = "multipart/form-data; boundary=\(Self.boundary)"
        return try await fixture(method, place + target, headers: headers, body)
    }

    /// The parameters and the file of an answer to a call of infer, read as MITK reads them.
    func parts(of reply: Reply) throws -> (parameters: JSONValue, fileName: String, file: [UInt8]) {
        let type = try #require(reply.headers["Content-Type"])
        let boundary = Array("--\(type.split(separator: "boundary=").last ?? "")".utf8)
        let pieces = Data(reply.body).split(on: Data(boundary))
        try #require(pieces.count == 4)
        let (first, second) = (pieces[1].split(on: Data("\r\n\r\n".utf8)), pieces[2].split(on: Data("\r\n\r\n".utf8)))
        #expect(String(decoding: first[0], as: UTF8.self).contains("Content-Type: application/json"))
        let head = String(decoding: second[0], as: UTF8.self)
        #expect(head.hasSuffix("Content-Type: application/octet-stream"))
        let name = try #require(head.firstMatch(of: #/filename="([^"]+)"/#)).1
        let file = pieces[2].dropFirst(second[0].count + 4).dropLast(2)
        return (try JSONValue(json: Data(first[1].dropLast(2))), String(name), [UInt8](file))
    }
}

extension Data {
    fileprivate func split(on word: Data) -> [Data] {
        var pieces: [Data] = []
        var start = startIndex
        while let found = self[start...].range(of: word) {
            pieces.append(Data(self[start..<found.lowerBound]))
            start = found.upperBound
        }
        return pieces + [Data(self[start...])]
    }
}
