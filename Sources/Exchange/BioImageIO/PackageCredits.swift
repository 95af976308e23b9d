internal import Foundation

/// Who made a model, and what others may do with it.
package struct PackageCredits: Hashable, Sendable {
    package let authors: [String]
    /// A license's identifier of SPDX; nil if nobody has said any.
    package let license: String?

    /// `authors` are names with semicolons between them.
    package init(authors: String?, license: String?) throws(ExchangeError) {
        let names = (authors ?? "").split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        guard names.count <= 100, names.allSatisfy(Self.isName) else {
            throw .invalid(
                field: "authors",
                detail: "are up to 100 names of up to 100 characters, without slashes, with semicolons between them")
        }
        if let license, license.wholeMatch(of: #/[A-Za-z0-9][A-Za-z0-9.+\-]{0,63}/#) == nil {
            throw .invalid(
                field: "license",
                detail: "is \"\(license.prefix(80))\"; it must be an identifier of spdx.org/licenses, such as CC-BY-4.0"
            )
        }
        self.authors = names
        self.license = license
    }

    private static func isName(_ text: String) -> Bool {
        text.count <= 100
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && $0 != "/" && $0 != "\\" }
    }
}
