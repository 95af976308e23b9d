internal import CReaderProcess
internal import Foundation

/// A library at work on one file, in a process of its own that a bad file ends instead of this one.
struct ReaderProcess {
    /// The name that the library's reader knows itself by.
    let name: String
    /// What messages say is damaged, and what tells more: "the HDF5 file", "h5dump may tell where".
    let subject: String
    let advice: String
    let file: OpenFile
    /// The folder for what it writes.
    let scratch: URL

    /// Runs a command of the reader and returns its output; the orders are what the command doesn't say itself.
    func run(_ command: [String], orders: [UInt8]? = nil) throws(VolumeError) -> OpenFile {
        let target = try ScratchFile(in: scratch)
        let written = try orders.map { orders throws(VolumeError) in try self.written(orders) }
        let descriptors = try Descriptors(orders: written, input: file, output: target.reopen())
        let words = command.map { strdup($0) }
        defer { for word in words { free(word) } }
        let pointers = words.map { word in word.map { UnsafePointer($0) } } + [nil]
        var text = [CChar](repeating: 0, count: 1024)
        let outcome = reader_run(
            name, descriptors.orders, descriptors.input, descriptors.output, pointers, &text, text.count)
        let message = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        switch outcome {
        case reader_done: return try target.reopen()
        case reader_refused: throw .malformed(message)
        case reader_full: throw .full("the disk has no room for the file's voxels")
        case reader_not_started: throw .io("the library that reads such files could not be started: \(message)")
        default:
            throw .malformed(
                "\(subject) is damaged: the library that reads it broke down, or didn't come to an end; \(advice)")
        }
    }

    private func written(_ orders: [UInt8]) throws(VolumeError) -> OpenFile {
        let file = try ScratchFile(in: scratch)
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: orders.count, alignment: 1)
        defer { memory.deallocate() }
        memory.copyBytes(from: orders)
        try file.append(UnsafeRawBufferPointer(memory))
        return try file.reopen()
    }
}

/// Descriptors for the process, closed with their owner.
private final class Descriptors {
    let orders: Int32
    let input: Int32
    let output: Int32

    init(orders: OpenFile?, input: OpenFile, output: OpenFile) throws(VolumeError) {
        self.input = try input.duplicate()
        let other = try? output.duplicate()
        let third = orders == nil ? -1 : try? orders?.duplicate()
        guard let other, let third else {
            close(self.input)
            if let other { close(other) }
            throw .io("cannot open a file a second time: \(lastSystemError())")
        }
        (self.output, self.orders) = (other, third)
    }

    deinit { for descriptor in [orders, input, output] where descriptor >= 0 { close(descriptor) } }
}
