/// The effect of `putVolume`.
package enum VolumeChange: String, Sendable {
    case created, same, replaced
}
