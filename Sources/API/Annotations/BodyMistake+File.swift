internal import Foundation
internal import HTTP
internal import Volumes

extension BodyMistake {
    /// An error of an uploaded volume's file; what the file is instead, and what curl did to it, is told too.
    static func explained(_ error: VolumeError, _ request: Request) -> any Error {
        let hint =
            request.contentType == form ? "; curl -d leaves out line ends and zero bytes: send the file by curl -T" : ""
        switch error {
        case .unknownFormat(let detail):
            let start = start(of: request)
            if PNG.recognises(start) {
                return HTTPError(
                    415,
                    "the body is a PNG, which has one slice only; POST that to …/annotations?axis=z&index=31")
            }
            return HTTPError(415, (foreign(start).map { "the body is \($0); " } ?? "") + detail + hint)
        case .malformed(let detail):
            return HTTPError.malformed(detail + hint, field: request.query.text("from") == nil ? "body" : "from")
        default: return error
        }
    }

    private static func start(of request: Request) -> [UInt8] {
        guard case .file(let upload) = request.body, let file = try? FileHandle(forReadingFrom: upload.url) else {
            return []
        }
        defer { try? file.close() }
        return (try? file.read(upToCount: 400)).map { [UInt8]($0) } ?? []
    }
}

extension BlockingWork {
    /// Runs a function that reads the uploaded file of a request.
    func run<Value: Sendable>(
        explaining request: Request, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        do {
            return try await run(work)
        } catch let error as VolumeError {
            throw BodyMistake.explained(error, request)
        }
    }
}
