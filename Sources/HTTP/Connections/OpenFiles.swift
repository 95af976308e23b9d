internal import Foundation
import Synchronization

/// The process's limit on open files, sockets among them, and how much of it is given out.
///
/// A process that meets its limit may end: libdispatch does, for one, when it can't look after its threads.
enum OpenFiles {
    /// Kept for what is not counted: the database, files that are read, the libraries.
    private static let reserve = 128
    /// What a server without connections has open, roughly.
    private static let idle = 64
    /// Sockets that servers may still accept.
    private static let promised = Atomic(0)

    /// The most connections that this process has files for, once its soft limit is raised as far as it may be.
    ///
    /// Throws if `count` is more.
    static func check(connections count: Int) throws(ServerError) {
        raiseLimit()
        guard count + reserve + idle > limit else { return }
        throw .tooManyConnections(count, possible: max(limit - reserve - idle, 0), files: limit)
    }

    /// Counts sockets that may still come.
    static func promise(_ sockets: Int) { promised.add(sockets, ordering: .relaxed) }

    /// A new descriptor of a file, or −1 with `EMFILE` where the sockets that may still come leave no room for it.
    static func checked(_ descriptor: CInt) -> CInt {
        // A new descriptor is the lowest free one: at least as many are in use.
        guard descriptor >= 0, Int(descriptor) + promised.load(ordering: .relaxed) >= limit - reserve else {
            return descriptor
        }
        close(descriptor)
        errno = EMFILE
        return -1
    }

    private static var limit: Int {
        var limits = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0
            ? Int(clamping: limits.rlim_cur) : 1024
    }

    /// Raises the soft limit to the hard one, or to a million, which is enough.
    private static func raiseLimit() {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limits = rlimit()
        guard getrlimit(resource, &limits) == 0 else { return }
        limits.rlim_cur = max(limits.rlim_cur, min(limits.rlim_max, 1 << 20))
        _ = setrlimit(resource, &limits)
    }
}
