import Slurm
import Synchronization

/// A Slurm without machines: its programs answer from a list that the test changes.
final class FakeSlurm: CommandRunner {
    struct Entry: Sendable {
        var id: Int
        var comment: String
        var state = "PENDING"
        var reason = "Priority"
        var node = ""
    }

    private struct State {
        var list: [Entry] = []
        var next = 1
        var arguments: [[String]] = []
        /// What `sacct` says of jobs.
        var accounts: [Int: String] = [:]
        var isDown = false
        var refusal: String?
        var calls = 0
    }

    private let state = Mutex(State())

    /// The jobs that wait or run, and those that ended.
    var list: [Entry] { state.withLock { $0.list } }
    /// The arguments of every job that was submitted or refused.
    var submissions: [[String]] { state.withLock { $0.arguments } }
    var calls: Int { state.withLock { $0.calls } }

    func set(_ id: Int, _ state: String, reason: String = "None", node: String = "") {
        self.state.withLock { all in
            for index in all.list.indices where all.list[index].id == id {
                (all.list[index].state, all.list[index].reason, all.list[index].node) = (state, reason, node)
            }
        }
    }

    /// Adds a job that was submitted unseen.
    func add(comment: String) { state.withLock { Self.append(comment, to: &$0) } }

    /// Forgets a job; the accounts may know how it ended.
    func drop(_ id: Int, accounts: String? = nil) {
        state.withLock { state in
            state.list.removeAll { $0.id == id }
            state.accounts[id] = accounts
        }
    }

    func set(isDown: Bool) { state.withLock { $0.isDown = isDown } }

    func refuse(_ words: String?) { state.withLock { $0.refusal = words } }

    private static func append(_ comment: String, to state: inout State) {
        state.list.append(Entry(id: state.next, comment: comment))
        state.next += 1
    }

    func run(_ program: String, _ arguments: [String], input: String) async throws(SlurmError) -> CommandOutcome {
        state.withLock { state in
            state.calls += 1
            if state.isDown { return CommandOutcome(status: 1, errors: "\(program): error: Unable to contact it\n") }
            switch program {
            case "sbatch":
                state.arguments.append(arguments)
                if let words = state.refusal { return CommandOutcome(status: 1, errors: "sbatch: error: \(words)\n") }
                let comment = arguments.first { $0.hasPrefix("--comment=") }?.dropFirst("--comment=".count)
                Self.append(String(comment ?? ""), to: &state)
                return CommandOutcome(output: "\(state.next - 1)\n")
            case "squeue":
                let lines = state.list.map { "\($0.id)|\($0.state)|\($0.node)|\($0.reason)|\($0.comment)\n" }
                return CommandOutcome(output: lines.joined())
            case "scancel":
                for index in state.list.indices where arguments.contains("\(state.list[index].id)") {
                    state.list[index].state = "CANCELLED"
                }
                return CommandOutcome()
            default:
                let ends = arguments.compactMap { $0.hasPrefix("--jobs=") ? Int($0.dropFirst(7)) : nil }
                guard let end = ends.first.flatMap({ state.accounts[$0] }) else { return CommandOutcome(status: 1) }
                return CommandOutcome(output: end)
            }
        }
    }
}
