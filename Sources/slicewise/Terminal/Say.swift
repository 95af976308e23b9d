internal import Foundation

/// Prints a line and flushes it, so that it is seen at once through a pipe too.
func say(_ line: String) {
    print(line)
    fflush(nil)
}

/// Tells something beside the results, on standard error.
func note(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}
