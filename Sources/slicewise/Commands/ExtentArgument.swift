internal import ArgumentParser
internal import Volumes

/// `z,y,x` on the command line.
extension Extent: ExpressibleByArgument {
    package init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 3, let z = numbers[0], let y = numbers[1], let x = numbers[2] else { return nil }
        guard [z, y, x].allSatisfy({ $0 > 0 && $0 <= 65535 }) else { return nil }
        self.init(z: z, y: y, x: x)
    }

    package var defaultValueDescription: String { "\(z),\(y),\(x)" }
}
