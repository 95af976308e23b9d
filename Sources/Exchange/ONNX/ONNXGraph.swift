internal import Foundation

/// An ONNX graph that is being written: its nodes in the order in which they are computed, and their constants.
///
/// Every value has a name; what adds a value returns its name. Fields are numbered as in onnx.proto
/// (github.com/onnx/onnx).
struct ONNXGraph {
    /// A property of a node.
    enum Attribute {
        case number(Float)
        case integer(Int)
        case integers([Int])
    }

    private(set) var nodes: [ProtobufMessage] = []
    private(set) var constants: [ProtobufMessage] = []

    /// Adds a node with one result, which is called like the node; without a name it gets one.
    mutating func add(
        _ operation: String, _ inputs: [String], named name: String? = nil,
        _ attributes: KeyValuePairs<String, Attribute> = [:]
    ) -> String {
        let name = name ?? "\(operation.lowercased()).\(nodes.count)"
        var node = ProtobufMessage()
        for input in inputs { node.add(1, input) }
        node.add(2, name)
        node.add(3, name)
        node.add(4, operation)
        for (key, value) in attributes { node.add(5, Self.attribute(key, value)) }
        nodes.append(node)
        return name
    }

    private static func attribute(_ name: String, _ value: Attribute) -> ProtobufMessage {
        var message = ProtobufMessage()
        message.add(1, name)
        switch value {
        case .number(let number):
            message.add(2, number)
            message.add(20, 1)
        case .integer(let number):
            message.add(3, number)
            message.add(20, 2)
        case .integers(let numbers):
            for number in numbers { message.add(8, number) }
            message.add(20, 7)
        }
        return message
    }

    /// Adds a constant of 32-bit floats.
    mutating func constant(_ values: [Float], shape: [Int], named name: String? = nil) -> String {
        constant(type: 1, shape, values.map(\.bitPattern.littleEndian), named: name)
    }

    /// Adds a vector of whole numbers.
    mutating func constant(_ values: [Int]) -> String {
        constant(type: 7, [values.count], values.map { Int64($0).littleEndian })
    }

    /// Adds a single whole number, which has no axes.
    mutating func constant(_ value: Int) -> String { constant(type: 7, [], [Int64(value).littleEndian]) }

    private mutating func constant<Value>(
        type: Int, _ shape: [Int], _ values: [Value], named name: String? = nil
    ) -> String {
        let name = name ?? "constant.\(constants.count)"
        var tensor = ProtobufMessage()
        for size in shape { tensor.add(1, size) }
        tensor.add(2, type)
        tensor.add(8, name)
        tensor.add(9, values.withUnsafeBytes { Data($0) })
        constants.append(tensor)
        return name
    }
}
