internal import Foundation
internal import FoundationNetworking
internal import Synchronization

/// Fetches files of web servers, several at a time.
///
/// It follows redirects to where files may be read and nowhere else, keeps no cookies and no copies.
final class WebReader: Sendable {
    /// Seconds after which a server that is silent is given up.
    static let patience = 30

    private let session: URLSession
    private let delegate: WebDelegate

    init(within allowed: [WebFolder]) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = Double(Self.patience)
        configuration.httpCookieStorage = nil
        configuration.urlCache = nil
        configuration.urlCredentialStorage = nil
        configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
        delegate = WebDelegate(allowed)
        session = URLSession(configuration: configuration, delegate: delegate, delegateQueue: nil)
    }

    /// The session holds its delegate until its last transfer ends.
    deinit { session.finishTasksAndInvalidate() }

    /// Begins to fetch a file of at most `limit` bytes; `target` becomes the transfer's.
    func begin(_ url: URL, atMost limit: Int, to target: Int32? = nil) -> WebTransfer {
        var request = URLRequest(url: url)
        request.setValue("slicewise", forHTTPHeaderField: "User-Agent")
        let task = session.dataTask(with: request)
        // What an attempt before this one has left.
        if let target { ftruncate(target, 0) }
        let transfer = WebTransfer(task, atMost: limit, to: target)
        delegate.add(transfer, for: task)
        transfer.begin()
        return transfer
    }
}

/// Hands what a session tells to the transfers.
private final class WebDelegate: NSObject, URLSessionDataDelegate {
    private let allowed: [WebFolder]
    private let transfers = Mutex<[Int: WebTransfer]>([:])

    init(_ allowed: [WebFolder]) { self.allowed = allowed }

    func add(_ transfer: WebTransfer, for task: URLSessionTask) {
        transfers.withLock { $0[task.taskIdentifier] = transfer }
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @Sendable @escaping (URLRequest?) -> Void
    ) {
        if let url = request.url, allowed.contains(where: { $0.contains(url) }) { return completionHandler(request) }
        let place = request.url.map { "\($0.scheme ?? "")://\($0.host ?? "")\($0.path)" } ?? "nowhere"
        transfers.withLock { $0[task.taskIdentifier] }?.stop(.sentTo(String(place.prefix(200))))
        completionHandler(nil)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        transfers.withLock { $0[dataTask.taskIdentifier] }?.take(data)
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        transfers.withLock { $0.removeValue(forKey: task.taskIdentifier) }?.finish(error)
    }
}
