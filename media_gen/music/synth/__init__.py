"""The synthesiser: voices that sound one note, instruments made of them, a drum kit, a room."""
