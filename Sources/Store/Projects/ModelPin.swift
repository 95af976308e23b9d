/// What a change of a project says about the model that is meant where none is named.
package enum ModelPin: Hashable, Sendable {
    /// It stays as it was.
    case unchanged
    /// The newest one that finished, from now on.
    case newest
    /// The model of this name, until that is changed.
    case named(String)
}
