import Slurm
import Synchronization

/// Answers for programs without running them, and keeps what they were asked.
final class RecordedRunner: CommandRunner {
    struct Call: Equatable, Sendable {
        var program: String
        var arguments: [String]
        var input: String
    }

    private let answers: [String: CommandOutcome]
    private let made = Mutex<[Call]>([])

    /// The outcomes of programs; one that isn't named is missing.
    init(_ answers: [String: CommandOutcome]) { self.answers = answers }

    var calls: [Call] { made.withLock { $0 } }

    func run(_ program: String, _ arguments: [String], input: String) async throws(SlurmError) -> CommandOutcome {
        made.withLock { $0.append(Call(program: program, arguments: arguments, input: input)) }
        guard let answer = answers[program] else { throw .missing(program: program) }
        return answer
    }
}
