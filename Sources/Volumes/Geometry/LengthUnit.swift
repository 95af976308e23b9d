/// A unit of length that headers of files name.
enum LengthUnit: String, CaseIterable {
    case meter, centimeter, millimeter, micrometer, nanometer, angstrom, picometer, inch

    /// The unit that a name or an abbreviation stands for, however it is spelled; `nil` for anything else.
    init?(named text: String) {
        let name = text.trimmed.lowercased()
        guard let unit = Self.allCases.first(where: { $0.rawValue == name || $0.spellings.contains(name) }) else {
            return nil
        }
        self = unit
    }

    /// In lower case; "âµm" is UTF-8 that a program has taken for Latin-1.
    private var spellings: [String] {
        switch self {
        case .meter: ["m", "metre", "meters", "metres"]
        case .centimeter: ["cm", "centimetre", "centimeters", "centimetres"]
        case .millimeter: ["mm", "millimetre", "millimeters", "millimetres"]
        case .micrometer:
            [
                "um", "µm", "μm", "âµm", "micron", "microns", "micrometre", "micrometers", "micrometres", "\\u00b5m",
                "\\u03bcm",
            ]
        case .nanometer: ["nm", "nanometre", "nanometers", "nanometres"]
        case .angstrom: ["å", "angstroms", "ångström", "ångstrom"]
        case .picometer: ["pm", "picometre", "picometers", "picometres"]
        case .inch: ["in", "inches", "\"", "″"]
        }
    }

    /// As most programs read it, in ASCII where there is such a spelling.
    var abbreviation: String {
        switch self {
        case .meter: "m"
        case .centimeter: "cm"
        case .millimeter: "mm"
        case .micrometer: "um"
        case .nanometer: "nm"
        case .angstrom: "angstrom"
        case .picometer: "pm"
        case .inch: "inch"
        }
    }

    /// How many of this unit another one is: 1000 for a millimeter in micrometers.
    func count(in other: LengthUnit) -> Double {
        // Both numbers are whole, so that ratios of powers of ten are exact or rounded once.
        picometers / other.picometers
    }

    private var picometers: Double {
        switch self {
        case .meter: 1e12
        case .centimeter: 1e10
        case .millimeter: 1e9
        case .micrometer: 1e6
        case .nanometer: 1e3
        case .angstrom: 1e2
        case .picometer: 1
        case .inch: 2.54e10
        }
    }
}

extension Spacing {
    /// The full name of a unit of length from an abbreviation; `nil` if the text cannot be a unit.
    static func unitName(_ text: String) -> String? {
        LengthUnit(named: text)?.rawValue ?? (isUnit(text.trimmed) ? text.trimmed : nil)
    }
}
