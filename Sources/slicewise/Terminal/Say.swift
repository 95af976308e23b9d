internal import Foundation

/// Prints a line and flushes it, so that it is seen at once through a pipe too.
func say(_ line: String) {
    print(line)
    fflush(nil)
}
