extension VolumeHeader {
    /// Of a file whose format may know spacing and place, with the hints of its sender put before them.
    ///
    /// Throws for lengths that no computation could hold. Where the sender says the spacing, a file's useless one and
    /// its place are left out.
    init(
        channels: Int, extent: Extent, element: ElementType, spacing file: Spacing?, orientation: Orientation? = nil,
        hints: VolumeHints
    ) throws(VolumeError) {
        var (file, orientation) = (file, orientation)
        do {
            try file?.checkRange()
            try orientation?.checkRange()
        } catch {
            guard hints.spacing != nil else { throw error }
            (file, orientation) = (nil, nil)
        }
        try hints.spacing?.checkRange()
        var spacing = hints.spacing ?? file ?? Spacing()
        spacing.unit = (hints.unit ?? hints.spacing?.unit).map { Spacing.unitName($0) ?? $0 } ?? file?.unit
        self.init(channels: channels, extent: extent, element: element, spacing: spacing, orientation: orientation)
        guard let file, file != spacing else { return }
        if spacing.isOther(than: file) { spacingInFile = file }
        // The fields of a NIfTI header name the spacing and the unit too.
        self.orientation = orientation.flatMap { $0.isPlace ? $0.with(spacing) : nil }
    }

    /// Where the volume lies by its file alone, without the spacing of its sender: other programs see that.
    var asInFile: VolumeHeader {
        guard let file = spacingInFile else { return self }
        var header = self
        header.spacing = file
        header.orientation = orientation.map { $0.isPlace ? $0.with(file) : $0 }
        return header
    }

    /// Whether the file said where the volume lies.
    package var isPlaced: Bool { orientation?.isPlace ?? false }

    /// Where the volume lies, or what stands for that where its file didn't say.
    package var place: Orientation {
        if let orientation, orientation.isPlace { return orientation }
        return Orientation(withoutPlace: spacing)
    }
}

extension Spacing {
    /// Whether it contradicts another one, rather than adding a unit.
    fileprivate func isOther(than file: Spacing) -> Bool {
        z != file.z || y != file.y || x != file.x || (file.unit != nil && unit != file.unit)
    }
}
