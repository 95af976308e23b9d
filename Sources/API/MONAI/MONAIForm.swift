internal import Foundation
internal import HTTP
internal import JSON

/// The body of a call of MONAI Label: files, and parameters as JSON in the field `params`.
struct MONAIForm: Sendable {
    /// An object.
    let parameters: JSONValue
    private let form: MultipartForm?
    private let folder: URL

    /// The limit is that of uploads: the form goes to a file while it arrives.
    static func policy(_ api: API) -> BodyPolicy { .file(limit: api.settings.uploadLimit, folder: api.uploads) }

    /// Reads a form; a body that is empty is one without fields.
    init(_ request: Request, _ api: API) throws {
        folder = api.uploads
        guard let body = request.body.file, body.count > 0 else {
            (form, parameters) = (nil, [:])
            return
        }
        switch request.contentType {
        case BodyMistake.form:
            guard body.count <= APISettings.jsonLimit else {
                throw HTTPError(415, "files are sent as multipart/form-data: curl -F \"file=@FILE\"")
            }
            let query = try Query(parsing: String(decoding: request.body.bytes(), as: UTF8.self))
            (form, parameters) = (nil, try Self.parameters(query.first("params")))
        case let type where type == nil || type?.hasPrefix("multipart/") == true:
            let parts = try MultipartForm(body)
            (form, parameters) = (parts, try Self.parameters(parts.text("params")))
        case let type:
            throw HTTPError(
                415, "the body is \(type ?? ""); it has to be multipart/form-data, as curl -F \"file=@FILE\" makes it")
        }
    }

    /// A file of the form; `nil` if it has none of the name.
    func file(_ name: String) throws -> UploadedFile? { try form?.file(name, in: folder) }

    /// The first file of these names; 400 that asks for it if there is none.
    func required(_ names: String..., what: String) throws -> UploadedFile {
        for name in names { if let file = try file(name) { return file } }
        let name = names.first ?? "file"
        throw HTTPError.malformed("the form has no \(what); send it as curl -F \"\(name)=@FILE\"", field: name)
    }

    func fileName(_ name: String) -> String? { form?.fileName(name) }

    /// An object of JSON from text; none is an empty one.
    static func parameters(_ text: String?) throws(HTTPError) -> JSONValue {
        guard let text, !text.isEmpty else { return [:] }
        let value = try HTTPError.json(Array(text.utf8))
        guard case .object = value else {
            throw .malformed("params has to be a JSON object like {\"client_id\":\"anna\"}", field: "params")
        }
        return value
    }
}

extension Request {
    /// The parameters of a call that takes them as its whole body.
    func monaiParameters() throws -> JSONValue {
        let bytes = try body.bytes()
        guard bytes.contains(where: { $0 > 0x20 }) else { return [:] }
        let value = try HTTPError.json(bytes)
        guard case .object = value else {
            throw HTTPError.malformed("the body has to be a JSON object like {\"client_id\":\"anna\"}", field: "body")
        }
        return value
    }
}

extension JSONValue {
    /// The text of a member; `nil` if it is none, or empty.
    func text(_ name: String) -> String? {
        guard case .string(let text) = self[name], !text.isEmpty else { return nil }
        return text
    }
}
