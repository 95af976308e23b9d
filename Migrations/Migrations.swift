/// One step of the database's schema.
package struct Migration: Sendable {
    /// The file's name without extension; also the order.
    package let name: String
    package let sql: String

    package init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    private init(_ name: String, _ file: [UInt8]) {
        self.init(name: name, sql: String(decoding: file, as: UTF8.self))
    }

    fileprivate static let shipped = [
        Migration("0001_initial", PackageResources._001_initial_sql),
        Migration("0002_tokens_and_audit", PackageResources._002_tokens_and_audit_sql),
        Migration("0003_changes_of_annotations", PackageResources._003_changes_of_annotations_sql),
        Migration("0004_classes_roles_and_pins", PackageResources._004_classes_roles_and_pins_sql),
        Migration("0007_answered_requests", PackageResources._007_answered_requests_sql),
        Migration("0009_starts_without_progress", PackageResources._009_starts_without_progress_sql),
        Migration("0010_rings_of_events", PackageResources._010_rings_of_events_sql),
        Migration("0011_levels", PackageResources._011_levels_sql),
        Migration("0012_shares", PackageResources._012_shares_sql),
        Migration("0013_workers", PackageResources._013_workers_sql),
        Migration("0014_slurm", PackageResources._014_slurm_sql),
        Migration("0015_units", PackageResources._015_units_sql),
    ]
}

/// The migrations that the program carries, in order.
package let all = Migration.shipped
