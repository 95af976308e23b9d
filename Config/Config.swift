/// The default settings that the program carries.
package enum Config {
    /// `slicewise.json` of this folder, byte by byte; it names every setting there is.
    package static var defaults: [UInt8] { PackageResources.slicewise_json }
}
