internal import JSON

extension OpenAPI {
    /// The groups of calls, each with the words in paths that belong to it.
    private static let groups: [(tag: String, meaning: String, words: Set<String>)] = [
        ("Projects", "Lists of classes that all else belongs to.", ["projects"]),
        ("Volumes", "3D images.", ["volumes", "shares"]),
        (
            "Annotations", "Annotated slices, the truth, and which slices to annotate next.",
            ["annotations", "labels", "truth", "suggestions"]
        ),
        ("Jobs", "Trainings, predictions and experiments.", ["jobs"]),
        ("Workers", "Machines that compute jobs, and the calls by which they do.", ["workers", "leases"]),
        ("Models", "Trained networks and their weights.", ["models"]),
        (
            "Predictions", "What models say about volumes, and how right they are.",
            ["prediction", "probability", "uncertainty", "report", "objects"]
        ),
        ("MONAI Label", "A project as clients of MONAI Label see it, 3D Slicer for one.", ["monai"]),
        ("Server", "The server itself: pages, health, metrics, who changed what.", []),
    ]

    static var tags: JSONValue {
        .array(groups.map { ["name": .string($0.tag), "description": .string($0.meaning)] })
    }

    /// The group of the last word in a path that belongs to one.
    static func tag(of path: String) -> String {
        for word in path.split(separator: "/").reversed() {
            if let group = groups.first(where: { $0.words.contains(String(word)) }) { return group.tag }
        }
        return "Server"
    }

    /// What a name in a path stands for.
    static func meaning(ofSegment name: String) -> String {
        switch name {
        case "project": "The project's name"
        case "volume": "The volume's name"
        case "model": "The model's name"
        case "axis": "The slice's normal"
        case "index": "The slice's place on the axis, from 0"
        case "id": "The job's number"
        case "attempt": "The number of the attempt at the job, as the claim said"
        case "digest": "The SHA-256 that the unit names, in hexadecimal digits"
        case "worker": "The worker's name"
        case "share": "The link's number"
        case "token": "The token of the link"
        case "key": "What is read of it, as programs for OME-Zarr ask; it may have slashes"
        case "trainer": "The trainer's name; there is one, unet"
        case "strategy": "How the image is chosen: uncertainty or first"
        case "session": "The session's name"
        case "level": "0 for the volume itself, 1 and on for smaller copies of it"
        default: "The name of the \(name)"
        }
    }

    /// Examples of bodies, by schema.
    static let examples: [String: JSONValue] = [
        "ProjectRequest": [
            "classes": [
                "summary": "Two classes",
                "value": ["classes": [["name": "background"], ["name": "cell", "color": "#e69f00"]]],
            ]
        ],
        "ShareRequest": [
            "week": ["summary": "A link for a week", "value": ["volume": "sample", "hours": 168]]
        ],
        "JobRequest": [
            "train": ["summary": "Train for two minutes", "value": ["kind": "train", "budget": ["seconds": 120]]],
            "holdout": [
                "summary": "Train from random weights, a fifth of the slices held out",
                "value": ["kind": "train", "from": "scratch", "holdout": ["fraction": 0.2]],
            ],
            "predict": [
                "summary": "Predict a volume by the newest model", "value": ["kind": "predict", "volumes": ["sample"]],
            ],
            "crossvalidate": [
                "summary": "Compare normalizations",
                "value": ["kind": "crossvalidate", "folds": 3, "variants": [["norm": "batch"], ["norm": "none"]]],
            ],
        ],
    ]
}
