import Foundation
import HTTP
import TestSupport
import Testing

@Suite struct MultipartFormTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func form(_ bytes: [UInt8]) throws -> MultipartForm {
        try MultipartForm(UploadedFile(bytes, in: folder.url))
    }

    private func form(_ text: String) throws -> MultipartForm { try form(Array(text.utf8)) }

    /// As MONAI Label's clients write it: dollar signs in the boundary, whole paths, an empty line at the end.
    private static let boundary = "----------lImIt_of_THE_fIle_eW_$"

    @Test func `fields and files come out as they went in`() throws {
        let content: [UInt8] = [13, 10, 45, 45, 0, 255] + Array("--\(Self.boundary.dropLast())".utf8) + [13, 10]
        let head = """
            --\(Self.boundary)\r\nContent-Disposition: form-data; name="params"\r\n\r\n{"a": "ü"}\r\n\
            --\(Self.boundary)\r\n\
            Content-Disposition: form-data; name="label"; filename="/tmp/a;b/img v1.2.nii.gz"\r\n\
            Content-Type: application/octet-stream\r\n\r\n
            """
        let form = try form(Array(head.utf8) + content + Array("\r\n--\(Self.boundary)--\r\n\r\n".utf8))
        #expect(try form.text("params") == #"{"a": "ü"}"#)
        #expect(form.fileName("label") == "img v1.2.nii.gz")
        let file = try #require(try form.file("label", in: folder.url))
        #expect(try [UInt8](Data(contentsOf: file.url)) == content)
        #expect(try form.text("none") == nil)
        #expect(try form.file("none", in: folder.url) == nil)
        #expect(form.fileName("params") == nil)
    }

    @Test func `a large file goes to a file of its own, piece by piece`() throws {
        let content = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let head = "--b\r\nContent-Disposition: form-data; name=file; filename=x\r\n\r\n"
        let form = try form(Array(head.utf8) + content + Array("\r\n--b--".utf8))
        let file = try #require(try form.file("file", in: folder.url))
        #expect(file.count == content.count)
        #expect(try [UInt8](Data(contentsOf: file.url)) == content)
    }

    @Test func `empty parts, parts without a name and spaces after a boundary are no faults`() throws {
        let form = try form(
            "--b \r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--b\r\n\r\nnobody's\r\n--b\t\r\n"
                + "content-disposition: form-data; name=\"quo\\\"ted\"; filename*=utf-8''%C3%BC.nii\r\n\r\nx\r\n--b--")
        #expect(try form.text("empty")?.isEmpty == true)
        #expect(try form.file("empty", in: folder.url) == nil)
        #expect(try form.text("quo\"ted") == "x")
    }

    @Test(arguments: [
        "x", "--", "--\r\n", "--b", "--b\r\n", "--b\r\nContent-Disposition: form-data; name=a",
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\ncut o",
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b",
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b\r\n", "{\"kind\": \"train\"}",
    ])
    func `what is no whole form is refused`(_ text: String) throws {
        #expect(throws: HTTPError.self) { try form(text) }
    }

    @Test func `more parts than anyone sends are refused`() throws {
        let part = "\r\n--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx"
        let text = String(repeating: part, count: 100).dropFirst(2) + "\r\n--b--"
        #expect(throws: HTTPError.self) { try form(String(text)) }
    }
}
