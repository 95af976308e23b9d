internal import JSON
internal import Slurm

/// What is known of the job of Slurm that is to compute a job; it stands in the job's JSON and events.
struct SlurmStatus: Codable, Hashable, Sendable {
    /// Its number in Slurm; `nil` if Slurm has taken none.
    var job: Int?
    /// Its number in the array of that number; `nil` outside of arrays.
    var task: Int?
    /// Slurm's word, such as `PENDING`, or one of `Word`.
    var state: String
    /// Why it waits or ended, in Slurm's word, or what Slurm's programs say.
    var reason: String?
    var node: String?

    /// States that Slurm has no word for, because it says nothing of the job.
    enum Word: String {
        /// It does not take the job.
        case refused
        /// It can't be asked.
        case unreachable
        /// It no longer knows the job.
        case lost
    }

    init(_ word: Word, id: SlurmJobID? = nil, reason: String? = nil, node: String? = nil) {
        (job, task, state, self.reason, self.node) = (id?.job, id?.task, word.rawValue, reason, node)
    }

    init(_ job: SlurmJob) {
        (self.job, task, state, reason, node) = (job.id.job, job.id.task, job.state, job.reason, job.node)
    }

    /// Reads what `text` gives; `nil` if it is something else.
    init?(stored: String?) {
        guard let stored, let status = try? JSONText.decode(SlurmStatus.self, from: stored) else { return nil }
        self = status
    }

    /// By what Slurm knows the job; `nil` if it has taken none.
    var id: SlurmJobID? { job.map { SlurmJobID($0, task: task) } }

    /// Whether Slurm will say nothing more of the job.
    var isEnd: Bool { SlurmJob.isEnd(state) || state == Word.lost.rawValue }

    /// The status as JSON.
    func text() throws -> String { try JSONText.encode(self) }

    /// What is not known is said to be null.
    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(job, forKey: .job)
        try members.encode(task, forKey: .task)
        try members.encode(state, forKey: .state)
        try members.encode(reason, forKey: .reason)
        try members.encode(node, forKey: .node)
    }

    private enum CodingKeys: String, CodingKey { case job, task, state, reason, node }
}
