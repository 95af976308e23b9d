internal import Crypto
internal import Foundation

/// Tokens as their bearers have them: 256 random bits behind a prefix by which scanners for lost secrets know them.
enum TokenText {
    static let prefix = "slicewise_"

    static func make() -> String {
        var source = SystemRandomNumberGenerator()
        let bytes = (0..<4).flatMap { _ in withUnsafeBytes(of: source.next() as UInt64) { Array($0) } }
        let digits = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        return prefix + digits.replacing("=", with: "")
    }

    static func hash(of token: String) -> [UInt8] { Array(SHA256.hash(data: Data(token.utf8))) }

    /// Whether two hashes are the same, in a time that does not tell where they differ.
    static func areSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
