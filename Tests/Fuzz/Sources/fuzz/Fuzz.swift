internal import Foundation

// `fuzz PARSER [libFuzzer's options] FOLDER…` feeds a parser with the folders' files, changed again and again, until it
// crashes, hangs, takes too much memory, or `-runs` or `-max_total_time` is over. libFuzzer has the main function.

/// Takes the parser's name off the arguments.
@_cdecl("LLVMFuzzerInitialize")
func initialize(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> Int32 {
    guard count.pointee > 1, let name = arguments.pointee[1], let parser = Parser(rawValue: String(cString: name))
    else {
        let names = Parser.allCases.map(\.rawValue).joined(separator: ", ")
        FileHandle.standardError.write(Data("fuzz PARSER [OPTION…] FOLDER…: the parser is one of \(names)\n".utf8))
        exit(2)
    }
    Parser.chosen = parser
    arguments.pointee[1] = arguments.pointee[0]
    arguments.pointee += 1
    count.pointee -= 1
    return 0
}

/// One try.
@_cdecl("LLVMFuzzerTestOneInput")
func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    Parser.chosen.run([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
