package import Foundation
package import JSON

extension Recipe {
    /// Reads the JSON text of a recipe that was stored with a model.
    package init(stored json: Data) throws(TrainingError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(json: json)
        } catch {
            throw TrainingError(error)
        }
        try self.init(stored: value)
    }

    /// Reads a recipe that was stored: one without `intensities` or `augmentation.transpose` is older than that key, and
    /// keeps its meaning.
    package init(stored value: JSONValue) throws(TrainingError) {
        var value = value
        if case .object(var members) = value {
            if members["intensities"] == nil { members["intensities"] = .string(IntensityScaling.all.rawValue) }
            if case .object(var augmentation)? = members["augmentation"], augmentation["transpose"] == nil {
                augmentation["transpose"] = .array([])
                members["augmentation"] = .object(augmentation)
            }
            value = .object(members)
        }
        try self.init(value)
    }
}
