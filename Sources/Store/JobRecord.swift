package import Foundation

/// A piece of work that waits, runs or has ended.
package struct JobRecord: Hashable, Identifiable, Sendable {
    package let id: Int64
    /// The project's `id`.
    package let project: Int64
    package let kind: String
    package let state: JobState
    /// JSON as it was asked for.
    package let request: String
    /// JSON, latest only.
    package let progress: String?
    /// The name of the model it made.
    package let model: String?
    /// JSON.
    package let result: String?
    package let error: String?
    package let created: Date
    /// When it was first taken from the queue.
    package let started: Date?
    package let finished: Date?
    /// How often it was taken from the queue.
    package let attempts: Int
    package let cancelRequested: Bool
}
