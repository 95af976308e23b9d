/// What putting a volume did.
package enum VolumeChange: String, Sendable {
    case created, same, replaced
}
