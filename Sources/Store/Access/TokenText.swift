internal import Cryptography
internal import Foundation

/// Tokens as their bearers have them: 256 random bits behind a prefix by which scanners for lost secrets know them.
enum TokenText {
    static let prefix = "slicewise_"

    static func make() throws -> String {
        let digits = Data(try SecureBytes.random(32)).base64EncodedString().replacing("+", with: "-").replacing(
            "/", with: "_")
        return prefix + digits.replacing("=", with: "")
    }

    static func hash(of token: String) -> [UInt8] { SHA256.hash(token.utf8) }
}
