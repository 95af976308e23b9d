/// The default settings, embedded in the program.
package enum Config {
    /// The bytes of this folder's `slicewise.json`, which has every setting.
    package static var defaults: [UInt8] { PackageResources.slicewise_json }
}
