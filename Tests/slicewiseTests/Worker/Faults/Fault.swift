/// What befalls a server, a worker or a job.
enum Fault: String, CaseIterable, Sendable {
    case killedWorker = "worker killed"
    case stoppedWorker = "worker stopped beyond its lease"
    case endedWorker = "worker told to end"
    case brokenConnection = "connection broken"
    case silentConnection = "connection silent"
    case killedServer = "server killed"
    case endedServer = "server told to end"
    case cancelledJob = "job cancelled"

    /// Whether it is one worker's alone, so that something else may befall the others meanwhile.
    var isOfWorker: Bool {
        switch self {
        case .killedServer, .endedServer, .cancelledJob: false
        default: true
        }
    }
}
