// Embeds the default settings.
