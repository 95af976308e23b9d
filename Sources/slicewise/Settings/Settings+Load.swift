internal import ArgumentParser
internal import Config
internal import Configuration
internal import Foundation

extension Settings {
    /// Variables that begin like settings but are not.
    private static let otherVariables: Set<String> = [
        "SLICEWISE_CONFIG", "SLICEWISE_KILLS", "SLICEWISE_MPI", "SLICEWISE_PROGRAM", "SLICEWISE_SETUP",
        "SLICEWISE_SHARED",
        // What Python's client goes by.
        "SLICEWISE_TOKEN", "SLICEWISE_URL",
    ]

    /// The bytes of the file of defaults.
    package static var defaults: [UInt8] { Config.defaults }

    /// Reads the settings as `serve` does with these arguments.
    package static func load(arguments: [String], environment: [String: String]) throws -> Settings {
        try load(flags: SettingsFlags.parse(arguments), environment: environment)
    }

    /// Reads the settings in the order of precedence: flags, environment, file, defaults.
    static func load(
        flags: SettingsFlags, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws -> Settings {
        let defaults = try SettingsFile(json: Foundation.Data(Self.defaults), name: "the defaults")
        try checkVariables(of: environment, against: defaults)
        var providers: [any ConfigProvider] = [
            flags.provider,
            EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "slicewise"),
        ]
        if let path = flags.config ?? environment["SLICEWISE_CONFIG"] {
            let file = try SettingsFile(path: path)
            try file.check(against: defaults)
            providers.append(file.provider)
        }
        providers.append(defaults.provider)
        return try Settings(ConfigReader(providers: providers))
    }

    private static func checkVariables(
        of environment: [String: String], against defaults: SettingsFile
    ) throws(SettingsError) {
        let known = Set(defaults.values.keys.map(variable))
        for (name, value) in environment.sorted(by: { $0.key < $1.key })
        where name.hasPrefix("SLICEWISE_") && !otherVariables.contains(name) {
            guard known.contains(name) else { throw .unknownVariable(name, known: known.sorted()) }
            if case .int? = defaults.values.first(where: { variable(for: $0.key) == name })?.value, Int(value) == nil {
                throw .wrongType(key: name, place: "the environment", expected: "a whole number, not \"\(value)\"")
            }
        }
    }

    /// The environment variable of a setting: `http.timeoutSeconds` is `SLICEWISE_HTTP_TIMEOUT_SECONDS`.
    package static func variable(for key: String) -> String {
        var name = "SLICEWISE_"
        for character in key {
            if character.isUppercase { name += "_" }
            name += character == "." ? "_" : character.uppercased()
        }
        return name
    }
}
