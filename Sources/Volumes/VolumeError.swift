/// Why a file, slice or array could not be taken as image data.
package enum VolumeError: Error, Equatable, CustomStringConvertible {
    /// No known format; says what is known.
    case unknownFormat(String)
    /// The file is broken or says impossible things.
    case malformed(String)
    /// Well formed, but not what is supported or fits.
    case unsupported(String)
    /// Larger than allowed.
    case tooLarge(String)
    /// Reading or writing failed.
    case io(String)

    package var description: String {
        switch self {
        case .unknownFormat(let detail), .malformed(let detail), .unsupported(let detail), .tooLarge(let detail),
            .io(let detail):
            detail
        }
    }
}
