internal import JSON

extension OpenAPI {
    static let brickSchemas: KeyValuePairs<String, JSONValue> = [
        "BrickContent": record(
            "Something of a volume that can be had as bricks.",
            [
                "of": reference("BrickKind", "What it is"),
                "model": orNull(text("The model that made it; null if none did")),
                "version": text("Changes whenever a voxel does"),
                "dtype": reference("VoxelType", "The type of a voxel's value"),
                "channels": integer("How many channels it has", from: 1),
                "edge": integer("Voxels along each edge of a brick; those at the far borders are smaller", from: 1),
                "levels": list(of: "Level", "From the volume itself on"),
            ]),
        "Level": record(
            "A smaller copy of a volume, or level 0, the volume itself.",
            [
                "level": integer("Its number"), "shape": reference("Extent", "Its size"),
                "factor": reference("Extent", "How many voxels of the volume one stands for; fewer at the far borders"),
                "spacing": reference("VoxelSpacing", "The distances of its voxels"),
                "ready": boolean("Whether it is there; the service makes levels in the background"),
            ]),
        "Extent": record(
            "A number of voxels along each axis.",
            ["z": integer("Along z", from: 1), "y": integer("Along y", from: 1), "x": integer("Along x", from: 1)]),
    ]
}
