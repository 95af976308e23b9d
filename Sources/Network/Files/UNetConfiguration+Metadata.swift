extension UNetConfiguration {
    /// The strings that describe the network in a weights file.
    ///
    /// `kernels` and `windows` are present if set ("1x3x3 3x3x3"); `deep_outputs` is present if there are any.
    package var metadata: [String: String] {
        var strings = [
            "in_channels": "\(channels)", "classes": "\(classes)", "base": "\(base)", "levels": "\(levels)",
            "dimensions": "\(dimensions)", "padding": padding.rawValue, "norm": normalization.rawValue,
            "batch_norm": normalization == .batch ? "True" : "False",
        ]
        strings["kernels"] = kernels.map(Self.text)
        strings["windows"] = windows.map(Self.text)
        strings["deep_outputs"] = deepOutputs.map(String.init)
        return strings
    }

    private static func text(_ sizes: [[Int]]) -> String {
        sizes.map { $0.map { "\($0)" }.joined(separator: "x") }.joined(separator: " ")
    }

    private static func sizes(_ text: String?, _ key: String) throws(NetworkError) -> [[Int]]? {
        guard let text else { return nil }
        var sizes: [[Int]] = []
        for entry in text.split(separator: " ") {
            let numbers = entry.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
            let known = numbers.compactMap { $0 }
            guard known.count == 3, numbers.count == 3 else {
                throw .weights("the metadata \"\(key)\" is \"\(text)\"; sizes such as 1x3x3 3x3x3 are expected")
            }
            sizes.append(known)
        }
        return sizes
    }

    /// Reads the strings of a weights file; the error names the string that is missing or wrong.
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
            normalization: normalization, kernels: try Self.sizes(metadata["kernels"], "kernels"),
            windows: try Self.sizes(metadata["windows"], "windows"),
            deepOutputs: metadata["deep_outputs"] == nil ? nil : try number("deep_outputs"))
        do { try validate() } catch { throw .weights("the metadata of the weights file: \(error)") }
    }
}
