import Foundation

extension Process {
    /// Sends a signal, if one is given, and waits for the end; gives back the exit status.
    func end(by number: Int32 = 0) async -> Int32 {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                if self.isRunning { kill(self.processIdentifier, number) }
                self.waitUntilExit()
                continuation.resume(returning: self.terminationStatus)
            }
        }
    }
}
