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
                "change": integer("The number by which all that its call changed is taken back", from: 1),
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
                "author": orNull(text("Who annotated it; null if nobody said")),
                "role": role,
                "voxels": reference("Voxels", "What is annotated"),
                "unlabeled": integer("Voxels of what was sent that were taken as unlabeled"),
                "conflicts": integer(
                    "Annotated voxels that differ from a slice that crosses this one, as that was before this revision; "
                        + "the newer counts"),
            ]),
        "AnnotationChanged": record(
            "A slice that was, or would be, changed together with others.",
            [
                "revision": orNull(integer("The number of its revision; null if it was only tried", from: 1)),
                "axis": axis("The slice's normal"), "index": integer("The slice's place on the axis"),
                "cleared": boolean("Whether its annotation was taken away"),
                "voxels": reference("Voxels", "What is annotated"),
                "conflicts": integer("Annotated voxels that differ from a crossing slice that is older"),
            ]),
        "AnnotationsChanged": record(
            "The revisions that one call made of several slices.",
            [
                "change": orNull(integer("The number by which all is taken back; null if there is none", from: 1)),
                "slices": list(of: "AnnotationChanged", "Each slice that was changed"),
                "conflicts": integer("The sum over slices"),
            ]),
        "AnnotationsPosted": record(
            "The revisions that a label volume made.",
            [
                "change": orNull(integer("The number by which all is taken back; null if there is none", from: 1)),
                "slices": list(of: "AnnotationChanged", "Each slice that was changed"),
                "conflicts": integer("The sum over slices"),
                "voxels": reference("Voxels", "What the file holds"),
                "unlabeled": integer("Voxels of the file that were taken as unlabeled"),
                "outside": integer(
                    "Voxels of the volume that the file, a part of its grid, doesn't have; they count as unlabeled"),
                "labelled": integer("Voxels that were unlabeled before"),
                "relabelled": integer("Voxels that had another class before"),
                "erased": integer("Voxels that have no class any more"),
            ]),
        "Truth": record(
            "The dense truth of a volume.",
            [
                "name": text("The volume's name"), "voxels": reference("Voxels", "The file's voxels"),
                "unlabeled": integer("Voxels of the file that were taken as unlabeled"),
                "outside": integer(
                    "Voxels of the volume that the file, a part of its grid, doesn't have; they are not scored"),
            ]),
        "Suggestion": record(
            "A slice worth annotating next.",
            [
                "axis": axis("The slice's normal"), "index": integer("The slice's place on the axis"),
                "score": number("The mean uncertainty of its voxels: 0 is certain, 1 undecided", in: 0...1),
                "model": text("The model whose uncertainty it is"),
            ]),
    ]

    private static let role = reference(
        "SliceRole", "What the slice is for: test slices are never learned from")
}
