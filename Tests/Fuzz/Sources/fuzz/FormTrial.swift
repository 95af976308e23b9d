internal import Foundation
internal import HTTP

/// What a form in a body goes through.
enum FormTrial {
    private static let folder = FileManager.default.temporaryDirectory.appending(path: "slicewise-fuzz-forms")

    static func run(_ bytes: [UInt8]) {
        Parser.refusable {
            let form = try MultipartForm(UploadedFile(bytes, in: folder))
            for name in ["params", "file", "label"] {
                _ = try? form.text(name)
                expect(form.fileName(name)?.contains("/") != true, "a file's name has a folder")
                let part = try form.file(name, in: folder)
                expect(part.map { (1...bytes.count).contains($0.count) } ?? true)
            }
        }
    }
}
