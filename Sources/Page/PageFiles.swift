internal import Cryptography
internal import Text

/// The files of the page that the program carries.
///
/// A new file is named here and in `Package.swift`. Its resource has its name without the folder, in which all but letters
/// and digits is `_`.
package enum PageFiles {
    /// The page itself; it names the others as `page/PATH`.
    package static let index = PageFile("index.html", PackageResources.index_html)

    /// What the page loads, by path.
    package static let loaded = [
        PageFile("icon.svg", PackageResources.icon_svg)
    ]

    /// Changes whenever one of the files does: part of the paths under which they are served, so that no browser mixes the
    /// files of two versions.
    package static let version = String(
        SHA256.hash(([index] + loaded).flatMap { "\($0.path) \($0.hash)\n".utf8 }).hexadecimal.prefix(16))
}
