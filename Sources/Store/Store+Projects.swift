extension Store {
    /// Makes a project or changes its classes and, unless `nil`, its description.
    ///
    /// Class `i` of the list is label value `i`. Classes may be renamed and appended; removing or moving one that
    /// labels use is a conflict.
    package func putProject(
        name: String, description: String?, classes: [ClassRecord]
    ) async throws -> (project: ProjectRecord, created: Bool) { throw StoreError.failed("unfinished") }

    /// By name.
    package func projects() async throws -> [ProjectRecord] { throw StoreError.failed("unfinished") }

    package func project(named name: String) async throws -> ProjectRecord { throw StoreError.failed("unfinished") }

    package func project(id: Int64) async throws -> ProjectRecord { throw StoreError.failed("unfinished") }

    /// Removes a project and everything in it; calls of a job that still runs then throw `notFound`.
    package func deleteProject(named name: String) async throws { throw StoreError.failed("unfinished") }
}
