internal import HTTP
internal import JSON
internal import Jobs
internal import Training

/// The parameters of a training that clients of MONAI Label send, as the job they ask for.
enum MONAITraining {
    /// What clients offer to change: the first value is the default, 0 and an empty text mean the preset's.
    static let configuration: JSONValue = [
        "preset": .array(presets.map(JSONValue.string)), "pretrained": true, "max_epochs": 0, "seconds": 0,
        "val_split": 0.0, "name": "",
    ]

    private static let presets = ["default"] + Preset.allCases.map(\.rawValue).filter { $0 != "default" }

    /// Of MONAI Label's parameters those that say how its own machinery works, which changes nothing here.
    private static let irrelevant: Set<String> = [
        "client_id", "model", "device", "multi_gpu", "gpus", "dataset", "dataloader", "tracking", "val_batch_size",
        "local_rank", "tracking_uri", "tracking_experiment_name", "run_id",
    ]
    private static let known = "preset, pretrained, max_epochs, seconds, val_split, train_batch_size and name"

    /// The request for the job; a parameter that is not known, or that can't be heeded, is refused.
    static func request(_ parameters: JSONValue) throws -> JobRequest {
        var job: JSONObject = ["kind": "train"]
        var budget = JSONObject()
        var recipe = JSONObject()
        guard case .object(let members) = parameters else { return try JobRequest(.object(job)) }
        for member in members.members where !irrelevant.contains(member.name) && member.value != .null {
            let (name, value) = (member.name, member.value)
            switch name {
            // A list is one to choose from, of which the first is chosen.
            case "preset":
                if case .array(let choices) = value {
                    recipe["preset"] = choices.first
                } else {
                    recipe["preset"] = value
                }
            case "pretrained":
                guard case .bool(let isPretrained) = value else { throw wrong(name, "true or false", value) }
                job["from"] = isPretrained ? "latest" : "scratch"
            case "max_epochs":
                let epochs = try whole(value, name)
                if epochs > 0 { budget["steps"] = .integer(epochs * MONAITask.stepsPerEpoch) }
            case "seconds": if try number(value, name) > 0 { budget["seconds"] = value }
            case "val_split": if try number(value, name) > 0 { job["holdout"] = ["fraction": value] }
            case "train_batch_size": if try whole(value, name) > 0 { recipe["batch"] = value }
            case "name": if value != "" { job["name"] = value }
            case "early_stop_patience":
                guard try number(value, name) <= 0 else {
                    throw HTTPError.invalid(
                        "early_stop_patience can't be set: a training with val_split ends with its best weights",
                        field: name)
                }
            default:
                throw HTTPError.invalid(
                    "\"\(name.prefix(80))\" is not a parameter of a training here; there are \(known)",
                    field: String(name.prefix(80)))
            }
        }
        if !budget.isEmpty { job["budget"] = .object(budget) }
        if !recipe.isEmpty { job["recipe"] = .object(recipe) }
        return try JobRequest(.object(job))
    }

    private static func number(_ value: JSONValue, _ name: String) throws(HTTPError) -> Double {
        guard let number = value.numeric, number.isFinite else { throw wrong(name, "a number", value) }
        return number
    }

    private static func whole(_ value: JSONValue, _ name: String) throws(HTTPError) -> Int {
        guard let whole = Int(exactly: try number(value, name)), whole <= 1_000_000 else {
            throw wrong(name, "a whole number up to 1,000,000", value)
        }
        return whole
    }

    private static func wrong(_ name: String, _ wanted: String, _ value: JSONValue) -> HTTPError {
        .invalid("\(name) has to be \(wanted), not \(value.kind)", field: name)
    }
}
