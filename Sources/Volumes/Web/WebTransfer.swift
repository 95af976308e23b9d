internal import Foundation
internal import FoundationNetworking
internal import Synchronization

/// A file on its way from a web server, into memory or to the end of another file.
final class WebTransfer: Sendable {
    enum Outcome: Sendable {
        /// It is there; without bytes if they went to a file.
        case whole([UInt8], count: Int)
        /// The server answered with another status than 200.
        case status(Int)
        /// The server sent elsewhere, where nothing may be read.
        case sentTo(String)
        /// It has more bytes than may be.
        case tooLong
        /// The server was not reached, or fell silent.
        case failed(String)
    }

    private struct State {
        var bytes: [UInt8] = []
        var count = 0
        var outcome: Outcome?
    }

    private let limit: Int
    /// Where bytes go to, closed with this; `nil` for memory.
    private let target: Int32?
    private let state = Mutex(State())
    private let end = DispatchSemaphore(value: 0)
    private let task: URLSessionDataTask

    /// `limit` is in bytes.
    init(_ task: URLSessionDataTask, atMost limit: Int, to target: Int32?) {
        self.task = task
        self.limit = limit
        self.target = target
    }

    deinit { if let target { close(target) } }

    func begin() { task.resume() }

    /// Waits until the file is there or can't come; nobody else may wait.
    func outcome(within seconds: Int, unless isAbandoned: () -> Bool) -> Outcome {
        for _ in 0..<seconds {
            if end.wait(timeout: .now() + 1) == .success {
                return state.withLock { $0.outcome } ?? .failed("it gave no answer")
            }
            guard !isAbandoned() else { return stop(.failed("whoever asked for it has left")) }
        }
        return stop(.failed("it did not come within \(seconds) seconds"))
    }

    /// Takes nothing more; what still comes ends the connection.
    @discardableResult
    func stop(_ outcome: Outcome) -> Outcome {
        state.withLock { state in
            let kept = state.outcome ?? outcome
            state.outcome = kept
            state.bytes = []
            return kept
        }
    }

    /// Takes a part of the file.
    ///
    /// Only here is a task cancelled: Foundation ends the process if that meets a redirect, of which no part comes here.
    func take(_ data: Data) {
        let isFile = (task.response as? HTTPURLResponse)?.statusCode == 200
        let isTaken = state.withLock { state in isFile ? take(data, &state) : skip(data, &state) }
        if !isTaken { task.cancel() }
    }

    private func take(_ data: Data, _ state: inout State) -> Bool {
        guard state.outcome == nil else { return false }
        guard data.count <= limit - state.count else {
            state.outcome = .tooLong
            state.bytes = []
            return false
        }
        if let target {
            guard Self.write(data, to: target, at: state.count) else {
                state.outcome = .failed("there is no room for it on the server's disk")
                return false
            }
        } else {
            state.bytes.append(contentsOf: data)
        }
        state.count += data.count
        return true
    }

    /// Of the page that comes with an error.
    private func skip(_ data: Data, _ state: inout State) -> Bool {
        state.count += data.count
        return state.outcome == nil && state.count <= Self.longestPage
    }

    private static let longestPage = 1 << 16

    private static func write(_ data: Data, to target: Int32, at position: Int) -> Bool {
        data.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = pwrite(
                    target, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(position + done))
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }

    /// Called once, at the end.
    func finish(_ error: (any Error)?) {
        let status = (task.response as? HTTPURLResponse)?.statusCode
        state.withLock { state in
            guard state.outcome == nil else { return }
            if let status, status != 200 {
                state.outcome = .status(status)
            } else if let error {
                state.outcome = .failed(Self.words(for: error))
            } else {
                state.outcome = .whole(state.bytes, count: state.count)
            }
            state.bytes = []
        }
        end.signal()
    }

    private static func words(for error: any Error) -> String {
        guard let code = (error as? URLError)?.code else { return error.localizedDescription }
        return switch code {
        case .timedOut: "it did not answer in time"
        case .cannotFindHost, .dnsLookupFailed: "no machine has that name"
        case .cannotConnectToHost: "it does not take connections"
        case .networkConnectionLost: "the connection broke off"
        case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid:
            "its certificate is not one that this machine trusts"
        default: error.localizedDescription
        }
    }
}
