import API
import Foundation
import HTTP
import JSON
import Jobs
import TestSupport
import Testing
import Volumes

/// The calls of MITK, byte for byte as its source and its library make them, to the root of an address.
@Suite(.timeLimit(.minutes(10))) struct MITKTests {
    private static let boundary = "--httplib-multipart-data-KZ0yQ8bqvT1u5fJm"

    private static func ask(_ line: String, _ port: Int, _ body: [UInt8] = [], type: String? = nil) async throws
        -> Reply
    {
        let lines =
            ["\(line) HTTP/1.1", "Accept: */*", "Connection: close"]
            + (type.map { ["Content-Length: \(body.count)", "Content-Type: \($0)"] } ?? [])
            + ["Host: localhost:\(port)", "User-Agent: cpp-httplib/0.14.1", "", ""]
        return try await onThread {
            let connection = try RawConnection(port: port)
            connection.send(Array(lines.joined(separator: "\r\n").utf8) + body)
            return try connection.reply()
        }
    }

    /// The form with which it asks for a prediction.
    private static func form(_ image: [UInt8], params: String) -> [UInt8] {
        let head = [
            "--\(boundary)", #"Content-Disposition: form-data; name="params""#, "", params, "--\(boundary)",
            #"Content-Disposition: form-data; name="file"; filename="post_from_mitk.nii.gz""#,
            "Content-Type: application/octet-stream", "", "",
        ]
        return Array(head.joined(separator: "\r\n").utf8) + image + Array("\r\n--\(boundary)--\r\n".utf8)
    }

    private static func infer(_ port: Int, _ image: [UInt8], params: String) async throws -> Reply {
        try await ask(
            "POST /infer/latest", port, form(image, params: params), type: "multipart/form-data; boundary=\(boundary)")
    }

    @Test func `its flow is answered at the root, and nothing but the project is there`() async throws {
        let fixture = try APIFixture(work: nil)
        let classes = #"{"classes":[{"name":"edge"},{"name":"background"},{"name":"in"}]}"#
        #expect(try await fixture(.put, "/v1/projects/p", classes).status == 201)
        #expect(try await fixture(.put, "/v1/projects/p/models/m", Nets.file(channels: 1)).status == 201)
        let image = try fixture.file(MONAIWorld.image(), as: .niftiGzip)
        let jobs = fixture.jobs
        let responder = fixture.router.freeze().rooted(at: API.monaiPath(of: "p"))
        try await withRunning {
            try await jobs.run()
        } _: {
            try await withServer(responder) { port in
                let info = try await Self.ask("GET /info/", port).json
                #expect(info["name"].string != nil && info["description"].string != nil)
                #expect(info["labels"] == ["edge", "in"])
                let model = info["models"]["latest"]
                #expect(model["type"].string == "segmentation" && model["dimension"].number == 3)
                #expect(model["labels"]["in"].number == 2 && model["description"].string != nil)
                let reply = try await Self.infer(port, image, params: #"{"restore_label_idx": true}"#)
                #expect(reply.status == 200, "\(reply.text)")
                let (parameters, _, file) = try MONAIClient(fixture: fixture).parts(of: reply)
                #expect(parameters["label_names"] == ["background": 0, "edge": 1, "in": 2])
                #expect(file.starts(with: [0x1f, 0x8b]))
                #expect(try fixture.volume(file).header.place.affine == MONAIWorld.affine)
                let points = #"{"foreground":[[1,2,3]],"background":[],"reset_state":true}"#
                let interactive = try await Self.infer(port, image, params: points)
                #expect(interactive.status == 422 && interactive.detail.contains("foreground"), "\(interactive.text)")
                for path in ["/v1/projects", "/monai/p/info/", "/../../v1/projects", "/openapi.json", "/"] {
                    #expect(try await Self.ask("GET \(path)", port).status == 404, "\(path)")
                }
            }
        }
        #expect(try await fixture(.get, "/v1/projects/p/volumes").json.count == 0)
    }
}
