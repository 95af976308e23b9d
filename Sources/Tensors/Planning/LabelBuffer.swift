/// The labels of a batch: N×Z×Y×X class indices, 255 where unlabeled.
package final class LabelBuffer {
    package static let unlabeled: UInt8 = 255

    package let values: UnsafeMutablePointer<UInt8>
    package let count: Int

    package init(count: Int) {
        self.count = count
        values = .allocate(capacity: count)
        values.initialize(repeating: Self.unlabeled, count: count)
    }

    deinit { values.deallocate() }
}
