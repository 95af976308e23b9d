/// What held-out slices decide; nothing where none are held out.
package struct HeldOutSettings: Codable, Hashable, Sendable {
    /// Which weights a training ends with.
    package enum Keep: String, CaseIterable, Codable, Sendable {
        /// Those that scored best on the held-out slices, the last ones included.
        case best
        case last
    }

    package var keep: Keep
    /// Measurements without a new best after which the training ends; 0 for never.
    package var patience: Int

    package init(keep: Keep, patience: Int) {
        self.keep = keep
        self.patience = patience
    }
}
