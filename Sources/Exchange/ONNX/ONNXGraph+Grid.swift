internal import Network
internal import Tensors

extension ONNXGraph {
    /// Extends an image to the next extent that a network can take, as predictions do: mirrored at its outermost voxels,
    /// which are not repeated, at the far end of each axis; with `valid` padding on both sides, by the margin.
    ///
    /// `size` is the name of the image's own extent.
    mutating func extend(_ image: String, for graph: NetworkGraph) -> (image: String, size: String) {
        let shape = add("Shape", [image])
        let size = add("Slice", [shape, constant([2]), constant([5]), constant([0])], named: "size")
        let input = graph.inputShape(covering: Shape(batch: 1, channels: 1, depth: 1, height: 1, width: 1))
        guard let output = try? graph.outputShape(for: input) else { return (image, size) }
        let steps = [graph.multiple.z, graph.multiple.y, graph.multiple.x]
        var result = image
        for axis in 0..<3 where steps[axis] > 1 || input.extent[axis] > output.extent[axis] {
            let (input, output, step) = (input.extent[axis], output.extent[axis], steps[axis])
            let voxels = add("Gather", [shape, constant(2 + axis)])
            // A legal input has `input` voxels or a number of steps more, and so its output.
            let missing = add("Max", [add("Sub", [voxels, constant(output)]), constant(0)])
            let rounded = add("Div", [add("Add", [missing, constant(step - 1)]), constant(step)])
            let all = add("Add", [add("Mul", [rounded, constant(step)]), constant(input)])
            let first = -(input - output) / 2
            let end = add("Add", [all, constant(first)])
            let places = add("Range", [constant(first), end, constant(1)])
            // Mirrored places repeat after twice the extent less the two outermost voxels.
            let twice = add("Mul", [voxels, constant(2)])
            let period = add("Max", [add("Sub", [twice, constant(2)]), constant(1)])
            let forth = add("Mod", [places, period])
            let back = add("Sub", [period, forth])
            result = add("Gather", [result, add("Min", [forth, back])], ["axis": .integer(2 + axis)])
        }
        return (result, size)
    }

    /// The first voxels of each axis, as many as `size` says.
    mutating func cut(_ input: String, to size: String, named name: String) -> String {
        add("Slice", [input, constant([0, 0, 0]), size, constant([2, 3, 4])], named: name)
    }
}
