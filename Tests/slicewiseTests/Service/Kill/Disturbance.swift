/// What befalls a server beside its end.
enum Disturbance: String, CaseIterable, Sendable {
    case fullDisk = "full disk"
    case noFiles = "no descriptors left"
    /// The system ends it for want of memory in its control group.
    case noMemory = "out of memory"
    /// Nobody reads the log any more, or its reader goes.
    case stalledLog = "stalled log"
    case closedLog = "closed log"
    /// Clients that go in the middle of a request or of an answer.
    case vanishedClients = "vanished clients"

    /// Those that can be made here: for some the tests must be allowed to mount, or to make control groups.
    static var possible: [Disturbance] {
        allCases.filter {
            switch $0 {
            case .fullDisk: SmallDisk.canBeMade
            case .noMemory: ControlGroup.canBeMade
            default: true
            }
        }
    }
}
