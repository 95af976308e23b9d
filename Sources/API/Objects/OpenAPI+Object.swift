internal import JSON

extension OpenAPI {
    static let objectSchemas: KeyValuePairs<String, JSONValue> = [
        "ObjectList": record(
            "The objects of a class in a model's prediction of a volume.",
            [
                "model": text("The model's name"), "class": text("The class"),
                "unit": orNull(text("The unit of the spacing; null if it is not known", example: "micrometer")),
                "objects": list(of: "Object", "The objects, the largest first"),
            ]),
        "Object": record(
            "Voxels of a class that hang together by their faces.",
            [
                "id": integer("Its place in this list, from 1", from: 1),
                "voxels": integer("How many there are", from: 1),
                "volume": number("Their volume, in the cube of the unit of the spacing"),
                "center": reference("Place", "The mean of their indices"),
                "position": reference("Place", "The same times the spacing: in its unit, from the middle of voxel 0"),
                "from": reference("VoxelPlace", "The first voxel of the box around it"),
                "to": reference("VoxelPlace", "The voxel after the last of that box, on each axis"),
                "cut": boolean("Whether it touches the volume's border, and may be a part of something larger"),
            ]),
        "Place": record("A place in a volume.", ["z": number("On z"), "y": number("On y"), "x": number("On x")]),
        "VoxelPlace": record(
            "A voxel's place.", ["z": integer("Index on z"), "y": integer("Index on y"), "x": integer("Index on x")]),
    ]
}
