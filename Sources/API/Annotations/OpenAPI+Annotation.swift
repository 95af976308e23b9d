internal import JSON
internal import Store

extension OpenAPI {
    static let annotationSchemas: KeyValuePairs<String, JSONValue> = [
        "Voxels": dictionary(
            of: integer("Voxels"), "Numbers of voxels by the name of their class, and of unlabeled ones"),
        "Annotation": record(
            "A revision of an annotated slice.",
            [
                "axis": axis("The slice's normal"), "index": integer("The slice's place on the axis"),
                "revision": integer("The number of the revision; later ones have larger numbers", from: 1),
                "author": orNull(text("Who annotated it; null if nobody said")),
                "created": time("When it was stored"),
                "cleared": boolean("Whether it takes the annotation away"),
                "role": role,
                "voxels": reference("Voxels", "What is annotated"),
            ]),
        "AnnotationPosted": record(
            "The revision that was made of a slice.",
            [
                "revision": integer("The number of the revision", from: 1),
                "axis": axis("The slice's normal"), "index": integer("The slice's place on the axis"),
                "role": role,
                "voxels": reference("Voxels", "What is annotated"),
                "conflicts": integer(
                    "Annotated voxels that differ from a slice that crosses this one; the newer counts"),
            ]),
        "AnnotationsPosted": record(
            "The revisions that were made of a label volume.",
            [
                "slices": list(of: "AnnotationPosted", "Each slice"),
                "voxels": reference("Voxels", "The sum over slices"),
                "conflicts": integer("The sum over slices"),
            ]),
        "Truth": record(
            "The dense truth of a volume.",
            [
                "name": text("The volume's name"), "voxels": reference("Voxels", "Its voxels"),
            ]),
        "Suggestion": record(
            "A slice worth annotating next.",
            [
                "axis": axis("The slice's normal"), "index": integer("The slice's place on the axis"),
                "score": number("The mean uncertainty of its voxels: 0 is certain, 1 undecided", in: 0...1),
                "model": text("The model whose uncertainty it is"),
            ]),
    ]

    private static let role = word(
        of: AnnotationRole.allCases.map(\.rawValue), "What the slice is for: test slices are never learned from")
}
