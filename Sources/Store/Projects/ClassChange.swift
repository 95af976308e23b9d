/// A new list of a project's classes in the place of an old one.
///
/// A place in the list is a label value, and belongs to one class as long as a revision or a model means it: another name
/// in that place renames it; if it goes, it stays behind as removed, and no other class can have its place.
struct ClassChange {
    let old: [ClassRecord]
    let wanted: [ClassRecord]

    /// Whether labels may lose their class or get another.
    var needsCheck: Bool {
        wanted.count < old.count
            || zip(old, wanted).contains { $0.name != $1.name || $0.isRemoved != $1.isRemoved }
    }

    /// The classes of the project after the change; throws a conflict if something would change its class.
    func result(_ usage: ClassUsage) throws(StoreError) -> [ClassRecord] {
        for value in old.indices { try check(value, usage) }
        let kept = old.indices.last { $0 >= wanted.count && usage.any(of: $0) != nil }
        guard let kept else { return wanted }
        var names = Set(wanted.map(\.name))
        return wanted
            + old[wanted.count...kept].map { item in
                var item = item
                item.isRemoved = true
                while !names.insert(item.name).inserted { item.name += " (removed)" }
                return item
            }
    }

    private func check(_ value: Int, _ usage: ClassUsage) throws(StoreError) {
        let before = old[value]
        let after = wanted.indices.contains(value) ? wanted[value] : nil
        let subject = "class \"\(before.name)\" (value \(value))"
        if after?.name != before.name, let uses = usage.any(of: value) {
            if let place = wanted.firstIndex(where: { $0.name == before.name }) {
                throw .conflict("\(subject) can't become value \(place): \(uses)")
            }
            if let after, before.isRemoved || old.contains(where: { $0.name == after.name }) {
                throw .conflict(
                    "class \"\(after.name)\" can't have value \(value), which is that of \"\(before.name)\": \(uses); "
                        + "a class that goes keeps its place, as {\"name\":\"\(before.name)\",\"removed\":true}, and new "
                        + "ones come after all others")
            }
        }
        if after?.isRemoved ?? true, let uses = usage.labels(of: value) {
            throw .conflict("\(subject) can't be removed: \(uses)")
        }
    }
}
