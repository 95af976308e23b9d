// Embeds the migrations.
