internal import Foundation
internal import FoundationNetworking

/// A worker's calls to its server, repeated while that can't be reached or can't answer.
struct ServerLink: Sendable {
    let client: Client
    /// Is told, in words, when the server answers again after it could not be reached.
    var onReturn: @Sendable (String) -> Void = { _ in }

    private static let trust =
        "its certificate is not one that this machine trusts; Documentation/Cluster.md says how it comes to"

    /// The status and the body of an answer with a status of 2xx.
    ///
    /// - Throws: `WorkerError`; `outOfReach` after so long.
    func call(
        _ method: String, _ path: String, _ body: Data? = nil, type: String = "application/octet-stream",
        within patience: Duration
    ) async throws -> (status: Int, body: Data) {
        let start = ContinuousClock.now
        let end = start + patience
        var pause = Duration.milliseconds(250)
        var problem: String?
        while true {
            do {
                let answer = try await client.answer(method, path, body, type: type)
                switch answer.status {
                case 200..<300:
                    if let problem {
                        let seconds = ((ContinuousClock.now - start) / .seconds(1) * 10).rounded() / 10
                        onReturn("the server was out of reach for \(seconds) s: \(problem)")
                    }
                    return answer
                case 404, 409, 410: throw WorkerError.over(Client.detail(of: answer.body))
                case 429, 500...: problem = "status \(answer.status): \(Client.detail(of: answer.body))"
                default: throw WorkerError.refused("status \(answer.status): \(Client.detail(of: answer.body))")
                }
            } catch let error as URLError {
                problem = try Self.words(for: error)
            }
            try Task.checkCancellation()
            guard ContinuousClock.now + pause < end else { throw WorkerError.outOfReach(problem ?? "") }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(5))
        }
    }

    /// What went wrong with a connection; throws for what won't be better later.
    private static func words(for error: URLError) throws -> String {
        switch error.code {
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid:
            throw WorkerError.refused(trust)
        case .timedOut: return "it does not answer"
        case .cannotFindHost, .dnsLookupFailed: return "no machine has that name"
        case .cannotConnectToHost: return "it takes no connections"
        case .networkConnectionLost: return "the connection broke off"
        default:
            // libcurl's words come without a code of their own.
            let words = error.localizedDescription
            if words.contains("certificate") { throw WorkerError.refused("\(trust) (\(words))") }
            return words
        }
    }
}
