internal import GRDB

/// Changes that need to know much of a volume's slices, which is found out before, while others write.
extension Store {
    /// The slices of the volume have changed since it was found out.
    private struct Outdated: Error {}

    /// How often it is found out anew when others annotate meanwhile.
    private static let attempts = 3

    /// Makes a change of a volume's annotations with what `find` has found out before.
    ///
    /// If the slices never stay as `find` saw them, `make` is given nothing: it has to find it out itself, while nobody else
    /// writes. `isShared`: the transaction may be that of others, too.
    func change<Found: Sendable, Value: Sendable>(
        annotationsOf volume: Int64, isShared: Bool,
        find: () async throws -> (found: Found, state: AnnotationState),
        make: @escaping @Sendable (AnnotationTransaction, Found?) throws -> Value
    ) async throws -> Value {
        var attempts = 0
        while true {
            let known = attempts < Self.attempts ? try await find() : nil
            attempts += 1
            let body: @Sendable (Database) throws -> Value = { database in
                let annotated = try AnnotationTransaction(database, volume: volume)
                if let known, try !annotated.isStill(known.state) { throw Outdated() }
                return try make(annotated, known?.found)
            }
            do {
                return isShared ? try await writeShared(.power, body) : try await write(.power, body)
            } catch is Outdated {
                continue
            }
        }
    }
}
