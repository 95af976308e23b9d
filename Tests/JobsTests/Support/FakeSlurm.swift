import Slurm
import Synchronization

/// A Slurm without machines: its programs answer from a list that the test changes.
final class FakeSlurm: CommandRunner {
    struct Entry: Sendable {
        var id: SlurmJobID
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
        var accounts: [SlurmJobID: String] = [:]
        var isDown = false
        var refusal: String?
        /// The most tasks of an array that is not refused.
        var mostTasks = Int.max
        var calls = 0
    }

    private let state = Mutex(State())

    /// The jobs that wait or run, and those that ended, each task of an array by itself.
    var list: [Entry] { state.withLock { $0.list } }
    /// The arguments of every job that was submitted or refused.
    var submissions: [[String]] { state.withLock { $0.arguments } }
    /// The arrays that were submitted or refused, by their tasks.
    var arrays: [String] {
        submissions.flatMap { arguments in
            arguments.compactMap { $0.hasPrefix("--array=") ? String($0.dropFirst("--array=".count)) : nil }
        }
    }
    var calls: Int { state.withLock { $0.calls } }

    func set(_ id: Int, task: Int? = nil, _ state: String, reason: String = "None", node: String = "") {
        let id = SlurmJobID(id, task: task)
        self.state.withLock { all in
            for index in all.list.indices where all.list[index].id == id {
                (all.list[index].state, all.list[index].reason, all.list[index].node) = (state, reason, node)
            }
        }
    }

    /// Adds a job that was submitted unseen.
    func add(comment: String, array: String? = nil) { state.withLock { Self.append(comment, array, to: &$0) } }

    /// Forgets a job; the accounts may know how it ended.
    func drop(_ id: Int, task: Int? = nil, accounts: String? = nil) {
        let id = SlurmJobID(id, task: task)
        state.withLock { state in
            state.list.removeAll { $0.id == id }
            state.accounts[id] = accounts
        }
    }

    func set(isDown: Bool) { state.withLock { $0.isDown = isDown } }

    func refuse(_ words: String?) { state.withLock { $0.refusal = words } }

    /// Refuses arrays of more tasks.
    func limit(tasks: Int) { state.withLock { $0.mostTasks = tasks } }

    private static func append(_ comment: String, _ array: String?, to state: inout State) {
        let tasks: [Int?] = if let array { numbers(array) } else { [nil] }
        for task in tasks { state.list.append(Entry(id: SlurmJobID(state.next, task: task), comment: comment)) }
        state.next += 1
    }

    /// The numbers that "0-2,7" stands for.
    private static func numbers(_ ranges: String) -> [Int] {
        ranges.split(separator: ",").flatMap { range in
            let ends = range.split(separator: "-").compactMap { Int($0) }
            return Array(ends[0]...ends[ends.count - 1])
        }
    }

    /// The list as squeue prints it: the tasks of an array that wait in one line.
    private static func lines(_ list: [Entry]) -> String {
        func line(_ id: String, _ entry: Entry) -> String {
            "\(id)|\(entry.state)|\(entry.node)|\(entry.reason)|\(entry.comment)\n"
        }
        let together = Dictionary(grouping: list.filter { $0.id.task != nil && $0.state == "PENDING" }) {
            "\($0.id.job) \($0.reason)"
        }
        let alone = list.filter { $0.id.task == nil || $0.state != "PENDING" }
        return alone.map { line("\($0.id)", $0) }.joined()
            + together.values.map { tasks in
                let numbers = tasks.compactMap(\.id.task).map(String.init).joined(separator: ",")
                return line("\(tasks[0].id.job)_[\(numbers)]", tasks[0])
            }.joined()
    }

    func run(_ program: String, _ arguments: [String], input: String) async throws(SlurmError) -> CommandOutcome {
        func value(_ flag: String) -> String? {
            arguments.last { $0.hasPrefix("--\(flag)=") }.map { String($0.dropFirst(flag.count + 3)) }
        }
        return state.withLock { state in
            state.calls += 1
            if state.isDown { return CommandOutcome(status: 1, errors: "\(program): error: Unable to contact it\n") }
            switch program {
            case "sbatch":
                state.arguments.append(arguments)
                let array = value("array")
                let isTooLarge = array.map { Self.numbers($0).count > state.mostTasks } ?? false
                if let words = isTooLarge ? "Invalid job array specification" : state.refusal {
                    return CommandOutcome(status: 1, errors: "sbatch: error: \(words)\n")
                }
                Self.append(value("comment") ?? "", array, to: &state)
                return CommandOutcome(output: "\(state.next - 1)\n")
            case "squeue":
                return CommandOutcome(output: Self.lines(state.list))
            case "scancel":
                for index in state.list.indices where arguments.contains("\(state.list[index].id)") {
                    state.list[index].state = "CANCELLED"
                }
                return CommandOutcome()
            default:
                guard let end = value("jobs").flatMap({ SlurmJobID($0) }).flatMap({ state.accounts[$0] }) else {
                    return CommandOutcome(status: 1)
                }
                return CommandOutcome(output: end)
            }
        }
    }
}
