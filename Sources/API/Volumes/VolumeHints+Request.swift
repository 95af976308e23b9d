internal import HTTP
internal import Volumes

extension VolumeHints {
    /// Reads `spacing=z,y,x`, `unit=`, `axes=`, `dataset=`, `level=`, `time=` and `ignore-place=` from the query.
    init(_ request: Request) throws(HTTPError) {
        let unit = request.query.text("unit")
        if let unit, !Spacing.isUnit(unit) {
            throw .invalid(
                "unit must be 1 to 40 characters, none of them a control character, a double quote or a backslash",
                field: "unit")
        }
        var spacing: Spacing?
        if let numbers = try request.query.numbers("spacing", ["z", "y", "x"]) {
            guard numbers.allSatisfy({ $0 > 0 }) else {
                throw .invalid("spacing must be three numbers above 0", field: "spacing")
            }
            spacing = Spacing(z: numbers[0], y: numbers[1], x: numbers[2], unit: unit)
        }
        self.init(
            spacing: spacing, unit: unit, axes: request.query.text("axes")?.lowercased(),
            dataset: request.query.text("dataset"), level: try request.query.integer("level", in: Self.places),
            time: try request.query.integer("time", in: Self.places),
            ignoresPlace: try request.query.flag("ignore-place") ?? false)
    }

    private static let places = 0...(1 << 31)
}
