package import Foundation

/// Something that happened to a job.
package struct JobEventRecord: Hashable, Sendable {
    /// Increases over all jobs.
    package let sequence: Int64
    package let job: Int64
    /// `state`, `progress`, `log` or `slurm`.
    package let type: String
    /// JSON.
    package let data: String
    package let created: Date
}
