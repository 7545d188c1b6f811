"""What the browser has to load, compressed: ``python -m tests.widget.sizes`` prints the figures of docs/widget.md."""

from bot.widget.assets import read_assets


def sizes() -> dict[str, int]:
    """Bytes before the first interaction, and of the chat that is loaded when it is opened."""
    packed = {name: len(asset.compressed) for name, asset in read_assets().files.items()}
    chat = [size for name, size in packed.items() if name.startswith("chat/") or name == "tokens.css"]
    return {"before the first interaction": packed["embed.js"], "the chat": sum(chat)}


if __name__ == "__main__":
    for what, size in sizes().items():
        print(f"{what}: {size:,} bytes")
