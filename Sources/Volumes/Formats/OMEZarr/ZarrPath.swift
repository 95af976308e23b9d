/// Paths in a hierarchy of Zarr, without a stroke in front.
enum ZarrPath {
    /// A path without empty and idle steps; throws for one that leads upwards.
    static func checked(_ path: String) throws(VolumeError) -> String {
        let steps = path.split(separator: "/").filter { $0 != "." }
        guard !steps.contains(".."), !path.contains("\0") else {
            throw .unsupported("the path \"\(path.prefix(200))\" leads upwards; a path within the OME-Zarr is expected")
        }
        return steps.joined(separator: "/")
    }

    static func joined(_ path: String, _ other: String) throws(VolumeError) -> String {
        let other = try checked(other)
        return path.isEmpty || other.isEmpty ? path + other : "\(path)/\(other)"
    }

    /// As messages name it.
    static func shown(_ path: String) -> String { path.isEmpty ? "at the root" : "\"\(path.prefix(200))\"" }
}
