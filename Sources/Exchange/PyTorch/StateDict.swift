internal import Foundation
internal import Network

/// The tensors of a network that PyTorch has saved, each to be taken once.
struct StateDict {
    private let file: SafeTensors
    /// What stands in front of every name, as `module.` does where several devices learned.
    private let prefix: String
    private var taken: Set<String> = []

    init(_ encoded: Data) throws(ExchangeError) {
        do {
            file = try SafeTensors(encoded)
        } catch {
            throw .misfit("\(error)")
        }
        let prefixes = ["module.", "model.", "network.", "_orig_mod."]
        let names = file.tensors.keys
        prefix = prefixes.first { prefix in !names.isEmpty && names.allSatisfy { $0.hasPrefix(prefix) } } ?? ""
    }

    /// The names without what stands in front of all.
    var names: [String] { file.tensors.keys.map { String($0.dropFirst(prefix.count)) }.sorted() }

    func has(_ name: String) -> Bool { file.tensors[prefix + name] != nil }

    /// The shape of a tensor that there must be.
    func shape(_ name: String) throws(ExchangeError) -> [Int] {
        guard let tensor = file.tensors[prefix + name] else { throw .misfit("the file lacks the tensor \"\(name)\"") }
        return tensor.shape
    }

    /// The values of a tensor of a shape, but for sizes of 1.
    mutating func take(_ name: String, _ shape: [Int]) throws(ExchangeError) -> [Float] {
        let found = try self.shape(name)
        guard found.filter({ $0 != 1 }) == shape.filter({ $0 != 1 }) else {
            throw .misfit(
                "the tensor \"\(name)\" has shape \(found); a network that Slicewise has needs \(shape) there")
        }
        taken.insert(name)
        do {
            guard let values = try file.floats(prefix + name) else { return [] }
            return values
        } catch {
            throw .misfit("\(error)")
        }
    }

    /// Takes tensors that a prediction does without.
    mutating func ignore(where isUnused: (String) -> Bool) {
        for name in names where isUnused(name) { taken.insert(name) }
    }

    /// Throws if a tensor was not taken: the network does something that ours doesn't.
    func checkNothingIsLeft() throws(ExchangeError) {
        guard let left = names.first(where: { !taken.contains($0) }) else { return }
        throw .misfit(
            "the tensor \"\(left)\" has no place in a network of Slicewise, which would compute something else")
    }
}
