import Foundation

/// An ONNX file, read back.
struct ONNXFile {
    struct Node {
        let inputs: [String]
        let output: String
        let operation: String
    }

    let nodes: [Node]
    /// Shapes and values of the constants of 32-bit floats.
    private(set) var constants: [String: (shape: [Int], values: [Float])] = [:]
    private(set) var constantNames: Set<String> = []
    /// Sizes of the input's and the output's axes; those that may be any have a name.
    let input: [String]
    let output: [String]
    let properties: [String: String]
    let versions: (file: Int?, operators: Int?)

    init(_ data: Data) {
        let file = ProtobufFields(data)
        let graph = file.messages(7).first ?? ProtobufFields(Data())
        nodes = graph.messages(1).map {
            Node(inputs: $0.texts(1), output: $0.texts(2).first ?? "", operation: $0.texts(4).first ?? "")
        }
        for tensor in graph.messages(5) {
            let name = tensor.texts(8).first ?? ""
            constantNames.insert(name)
            guard tensor.numbers[2] == [1], let bytes = tensor.contents[9]?.first else { continue }
            let values = bytes.withUnsafeBytes { raw in
                (0..<raw.count / 4).map { raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
            }
            constants[name] = (tensor.numbers[1] ?? [], values)
        }
        input = Self.axes(graph.messages(11))
        output = Self.axes(graph.messages(12))
        properties = Dictionary(
            uniqueKeysWithValues: file.messages(14).map { ($0.texts(1).first ?? "", $0.texts(2).first ?? "") })
        versions = (file.numbers[1]?.first, file.messages(8).first?.numbers[2]?.first)
    }

    private static func axes(_ values: [ProtobufFields]) -> [String] {
        let shape = values.first?.messages(2).first?.messages(1).first?.messages(2).first
        return shape?.messages(1).map { $0.texts(2).first ?? "\($0.numbers[1]?.first ?? -1)" } ?? []
    }

    /// How many nodes have an operation.
    func count(_ operation: String) -> Int { nodes.count { $0.operation == operation } }
}
