internal import Cryptography
internal import Foundation

/// The text of tokens: a prefix that secret scanners can recognize, then 256 random bits in base64url.
enum TokenText {
    static let prefix = "slicewise_"

    static func make() throws -> String {
        let digits = Data(try SecureBytes.random(32)).base64EncodedString().replacing("+", with: "-").replacing(
            "/", with: "_")
        return prefix + digits.replacing("=", with: "")
    }

    static func hash(of token: String) -> [UInt8] { SHA256.hash(token.utf8) }
}
