/// The effect of `putVolume`.
package enum VolumeChange: String, CaseIterable, Sendable {
    case created, same, replaced
}
