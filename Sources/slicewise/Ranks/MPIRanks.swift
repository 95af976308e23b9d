internal import Cryptography
internal import Foundation
internal import Network

/// The ranks of an MPI run, by a library that the user's own `mpicc` made of Deployment/mpi/slicewise_mpi.c.
///
/// It is loaded at run time, so that the program needs no MPI, and works with any. An MPI error ends the run.
final class MPIRanks: RankGroup {
    let rank: Int
    let count: Int
    private let beginExchange: @convention(c) (UnsafeMutablePointer<Float>, CInt, CInt, CInt) -> CInt
    private let goOn: @convention(c) (CInt) -> CInt
    private let endRun: @convention(c) () -> CInt
    private let abortRun: @convention(c) (CInt) -> Void

    /// Joins the run.
    init(library path: String) throws(CommandError) {
        // MPI's own plug-ins look for its symbols.
        guard let library = dlopen(path, RTLD_NOW | RTLD_GLOBAL) else {
            throw CommandError("\(path): \(dlerror().map { String(cString: $0) } ?? "can't be loaded")")
        }
        func function<Function>(_ name: String, as type: Function.Type) throws(CommandError) -> Function {
            guard let symbol = dlsym(library, name) else {
                throw CommandError("\(path) has no \(name): build it anew from slicewise_mpi.c of this version")
            }
            return unsafeBitCast(symbol, to: type)
        }
        let start = try function(
            "slicewise_mpi_start",
            as: (@convention(c) (UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CInt>) -> CInt).self)
        beginExchange = try function(
            "slicewise_mpi_begin",
            as: (@convention(c) (UnsafeMutablePointer<Float>, CInt, CInt, CInt) -> CInt).self)
        goOn = try function("slicewise_mpi_go_on", as: (@convention(c) (CInt) -> CInt).self)
        endRun = try function("slicewise_mpi_end", as: (@convention(c) () -> CInt).self)
        abortRun = try function("slicewise_mpi_abort", as: (@convention(c) (CInt) -> Void).self)
        var (rank, count): (CInt, CInt) = (0, 0)
        guard start(&rank, &count) == 0 else { throw CommandError("\(path): MPI can't be started") }
        (self.rank, self.count) = (Int(rank), Int(count))
    }

    func begin(_ exchange: RankExchange, _ values: UnsafeMutableBufferPointer<Float>) {
        let (rank, adds) =
            switch exchange {
            case .sum(let rank): (rank, true)
            case .copy(let rank): (rank, false)
            }
        // MPI counts in 32 bits.
        var place = 0
        while place < values.count {
            let part = values[place..<min(place + 1 << 28, values.count)]
            guard let start = UnsafeMutableBufferPointer(rebasing: part).baseAddress else { return }
            check(beginExchange(start, CInt(part.count), CInt(rank), adds ? 1 : 0))
            place += part.count
        }
    }

    func advance() { check(goOn(0)) }

    func finish() { check(goOn(1)) }

    /// Ends the run unless every rank says the same: only then do they train one model.
    func checkAgreement(on texts: [String]) throws(CommandError) {
        let hash = SHA256.hash(texts.joined(separator: "\n").utf8)
        guard agree(on: hash.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }) else {
            throw CommandError(
                "the ranks don't train alike: all need the same version of the program, arguments, files and checkpoint"
            )
        }
    }

    func leave() { check(endRun()) }

    /// Says why, and ends all ranks.
    func abort(because reason: String) {
        try? FileHandle.standardError.write(contentsOf: Data("Error: rank \(rank): \(reason)\n".utf8))
        abortRun(1)
    }

    private func check(_ status: CInt) { if status != 0 { abortRun(1) } }
}
