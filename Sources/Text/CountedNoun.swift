extension Int {
    /// The number and a noun in the form that it takes: `1 slice`, `2 slices`.
    ///
    /// `many` is the form of a noun whose plural is not made with an s.
    package func counting(_ noun: String, many: String? = nil) -> String {
        "\(self) \(self == 1 ? noun : many ?? noun + "s")"
    }
}
