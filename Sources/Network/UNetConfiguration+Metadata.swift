extension UNetConfiguration {
    /// The strings that describe the network in a weights file.
    package var metadata: [String: String] {
        [
            "in_channels": "\(channels)", "classes": "\(classes)", "base": "\(base)", "levels": "\(levels)",
            "dimensions": "\(dimensions)", "padding": padding.rawValue, "norm": normalization.rawValue,
            "batch_norm": normalization == .batch ? "True" : "False",
        ]
    }

    /// Reads the strings of a weights file; fails naming the one that is missing or wrong.
    package init(metadata: [String: String]) throws(NetworkError) {
        func number(_ key: String, _ fallback: Int? = nil) throws(NetworkError) -> Int {
            guard let text = metadata[key] else {
                if let fallback { return fallback }
                throw .weights("the metadata of the weights file lacks \"\(key)\"")
            }
            guard let value = Int(text) else {
                throw .weights("the metadata \"\(key)\" of the weights file is \"\(text)\"; it must be a whole number")
            }
            return value
        }
        let normalization: Normalization
        if let text = metadata["norm"] {
            guard let known = Normalization(rawValue: text) else {
                throw .weights("the metadata \"norm\" is \"\(text)\"; it must be none, batch or instance")
            }
            normalization = known
        } else {
            normalization = metadata["batch_norm"]?.lowercased() == "true" ? .batch : .none
        }
        let paddingText = metadata["padding"] ?? "same"
        guard let padding = Padding(rawValue: paddingText) else {
            throw .weights("the metadata \"padding\" is \"\(paddingText)\"; it must be same or valid")
        }
        self.init(
            channels: try number("in_channels"), classes: try number("classes"), base: try number("base"),
            levels: try number("levels"), dimensions: try number("dimensions", 3), padding: padding,
            normalization: normalization)
        do { try validate() } catch { throw .weights("the metadata of the weights file: \(error)") }
    }
}
