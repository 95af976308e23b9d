internal import JSON
internal import Store

extension OpenAPI {
    static let shareSchemas: KeyValuePairs<String, JSONValue> = [
        "ShareRequest": ShareRequest.schema,
        "Share": record(
            "A link that opens a volume to whoever has it.",
            [
                "id": shareNumber, "volume": sharedVolume, "by": shareAuthor, "created": time("When it was made"),
                "expires": time("When it ends by itself"),
            ]),
        "ShareMade": record(
            "A link that was just made, with its token.",
            [
                "id": shareNumber, "volume": sharedVolume, "by": shareAuthor, "created": time("When it was made"),
                "expires": time("When it ends by itself"),
                "paths": record(
                    "What programs open, on this server's address; whoever has it sees the volume",
                    [
                        "ome.zarr": text("The volume as OME-Zarr 0.4", example: "/v1/shares/slicewise_…/ome.zarr"),
                        "ome.zarr3": text("The same as OME-Zarr 0.5", example: "/v1/shares/slicewise_…/ome.zarr3"),
                    ]),
            ]),
        "ZarrDocument": described(
            anyObject, "A document of Zarr: of a group or an array, or of attributes as OME-Zarr has them"),
    ]

    private static let shareNumber = integer("Its number, by which it is revoked", from: 1)
    private static let sharedVolume = text("The name of the volume that it opens")
    private static let shareAuthor = orNull(text("The name of the token that made it; null where none was needed"))
}

extension JSONObject {
    init(_ share: ShareRecord) {
        self = [
            "id": .integer(Int(share.id)), "volume": .string(share.volume), "by": .optional(share.author),
            "created": .time(share.created), "expires": .time(share.expires),
        ]
    }
}
