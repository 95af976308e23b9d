/// An axis of a volume; a slice on it is a plane normal to it.
package enum Axis: String, CaseIterable, Codable, Hashable, Sendable {
    case z, y, x
}
