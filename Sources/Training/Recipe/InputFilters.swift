/// What the network sees of each channel besides the image itself.
///
/// Random forests owe much of their strength with few annotations to such features; a network would have to learn them.
package struct InputFilters: Codable, Hashable, Sendable {
    /// Deviations of Gaussians in voxels of the finest axis.
    package var smoothed: [Double]
    /// Deviations of the Gaussians whose gradient's length is taken.
    package var gradient: [Double]

    package static let none = InputFilters(smoothed: [], gradient: [])

    package init(smoothed: [Double], gradient: [Double]) {
        self.smoothed = smoothed
        self.gradient = gradient
    }

    /// Channels of the network for each of the image's, itself included.
    package var count: Int { 1 + smoothed.count + gradient.count }

    /// Reads `{"smoothed":[1,3],"gradient":[1]}`; `null` and `false` mean none.
    init(_ value: JSONValue, path: String) throws(TrainingError) {
        self = .none
        if value == .null || value == .bool(false) { return }
        var fields = try StrictFields(value, path: path)
        smoothed = try InputFilters.deviations("smoothed", &fields)
        gradient = try InputFilters.deviations("gradient", &fields)
        try fields.finish()
    }

    private static func deviations(_ key: String, _ fields: inout StrictFields) throws(TrainingError) -> [Double] {
        guard let value = fields.take(key) else { return [] }
        guard case .array(let values) = value, values.count <= 8 else {
            throw fields.wrong(key, value, expected: "an array of up to eight deviations in voxels")
        }
        var deviations: [Double] = []
        for value in values { deviations.append(try fields.number(value, key, in: 0.3...16)) }
        return deviations
    }
}
