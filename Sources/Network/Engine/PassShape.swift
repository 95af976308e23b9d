package import Tensors

/// The shape of a batch that a learner plans a pass for.
package struct PassShape: Hashable, Sendable {
    package let input: Shape
    /// The extent of the centred box of the output that has labels; nothing else of the output is computed.
    package let centre: [Int]

    package init(input: Shape, centre: [Int]) {
        self.input = input
        self.centre = centre
    }
}
