internal import JSON

extension OpenAPI {
    static let monaiSchemas: KeyValuePairs<String, JSONValue> = [
        "MONAIParameters": described(anyObject, "An object as MONAI Label has them."),
        "MONAIAccess": record(
            "That a login is needed.",
            [
                "enabled": boolean("Always true"), "client_id": text("For MONAI Label's clients"),
                "realm": text("For MONAI Label's clients"),
            ]),
        "MONAIToken": record(
            "A token, and how to send it.",
            [
                "access_token": text("The token"),
                "token_type": text("The word before it in the header Authorization", example: "bearer"),
            ]),
        "MONAIUser": record(
            "Whose token it is.",
            [
                "username": text("The token's name"), "name": text("The same"), "email": text("Always empty"),
                "roles": list(text("A role in the words of MONAI Label"), "What the token may do"),
            ]),
        "MONAIInfo": record(
            "A project as an app of MONAI Label.",
            [
                "name": text("Slicewise and the project's name"), "description": text("The project's description"),
                "version": text("The version of MONAI Label whose clients are served", example: "0.8.5"),
                "labels": list(text("A class"), "The classes that are painted, which is all but the background"),
                "models": described(anyObject, "What can be inferred with, by name; empty while there is no model"),
                "trainers": described(anyObject, "The trainer, with what of it can be changed"),
                "strategies": described(anyObject, "How the next image can be chosen, by name"),
                "scoring": described(anyObject, "Always empty"),
                "train_stats": described(anyObject, "How far the newest training is; empty if there was none"),
                "datastore": described(anyObject, "How many images there are, and how many are annotated"),
            ]),
        "MONAITask": record(
            "A training.",
            [
                "id": text("The job's number"),
                "status": text("RUNNING (waiting, too), DONE, ERROR or STOPPED", example: "RUNNING"),
                "request": described(anyObject, "The job's request"),
                "start_ts": text("When it began, in UTC", example: "2026-01-31 12:00:00"),
                "end_ts": text("When it ended, in UTC"),
                "details": list(text("A line"), "How far it is, or how it ended"),
                "model": text("The model that it made"),
            ], optional: ["end_ts", "model"]),
        "MONAISample": record(
            "An image to annotate; empty if there is none.",
            [
                "id": text("The volume's name"), "name": text("A name for its file"), "path": text("Always empty"),
                "ts": integer("When it was uploaded, in seconds since 1970"),
                "weight": number("How much it is worth annotating"), "strategy": text("How it was chosen"),
                "axis": axis("The axis of the slice most worth annotating"), "index": integer("Its place on the axis"),
                "score": number("Its uncertainty", in: 0...1), "model": text("The model whose uncertainty it is"),
            ],
            optional: ["id", "name", "path", "ts", "weight", "strategy", "axis", "index", "score", "model"]),
        "MONAIImage": record("The image that was stored.", ["image": text("The volume's name")]),
        "MONAISubmitted": record(
            "What of submitted labels was taken.",
            [
                "image": text("The volume's name"), "label": text("The same"),
                "voxels": reference("Voxels", "What was taken; unlabeled is what the file says nothing of"),
                "axis": orNull(axis("The axis of slices that were taken as annotated whole; null if there are none")),
                "slices": orNull(integer("How many these are; null if there are none")),
                "change": orNull(integer("The number by which all is taken back; null if nothing changed", from: 1)),
            ]),
        "MONAISessionInfo": record(
            "An image that is there for a time only.",
            [
                "name": text("Its name"), "path": text("Always empty"), "image": text("A name for its file"),
                "meta": described(anyObject, "Always empty"),
                "create_ts": integer("When it was sent, in seconds since 1970"),
                "last_access_ts": integer("The same"), "expiry": integer("How many seconds after that it is removed"),
            ]),
        "MONAISession": record(
            "The session that was made.",
            [
                "session_id": text("Its name"), "session_info": reference("MONAISessionInfo", "What is known of it"),
            ]),
    ]
}
