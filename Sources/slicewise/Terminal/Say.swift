internal import Foundation

/// Prints a line and sees to it that it is read now, also through a pipe.
func say(_ line: String) {
    print(line)
    fflush(nil)
}
