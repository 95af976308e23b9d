package import Foundation
internal import GRDB

/// A machine that computes jobs for the server, as it describes itself when it asks for one.
package struct WorkerDescription: Codable, Hashable, Sendable {
    package var name: String
    package var host: String
    /// That of its program.
    package var version: String
    /// The vector instructions that it computes with, such as `avx2`.
    package var processor: String
    package var threads: Int

    package init(name: String, host: String, version: String, processor: String, threads: Int) {
        self.name = name
        self.host = host
        self.version = version
        self.processor = processor
        self.threads = threads
    }
}

/// A worker that has asked for jobs, and the job that it holds.
package struct WorkerRecord: Hashable, Sendable {
    package let description: WorkerDescription
    /// When it was last heard of.
    package let seen: Date
    /// The job that it computes, and the name of that job's project.
    package let job: JobRecord?
    package let project: String?
    /// When the job is taken from it unless it is heard of before.
    package let expires: Date?
}

/// A worker's hold of a job: everything that it sends names the attempt, and counts only while the lease lasts.
package struct LeaseRecord: Hashable, Sendable {
    package let job: Int64
    package let attempt: Int
    package let worker: String
    package let expires: Date
}

extension WorkerRecord {
    init(_ database: Database, row: Row) throws {
        let job: Int64? = row["job"]
        try self.init(
            description: WorkerDescription(
                name: row["name"], host: row["host"], version: row["version"], processor: row["processor"],
                threads: row["threads"]),
            seen: row["seen"], job: job.map { try JobRecord.fetch(database, id: $0) }, project: row["project"],
            expires: row["expires"])
    }
}

extension LeaseRecord {
    init(row: Row) {
        self.init(job: row["job"], attempt: row["attempt"], worker: row["worker"], expires: row["expires"])
    }
}
