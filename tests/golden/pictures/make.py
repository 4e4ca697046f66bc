#!/usr/bin/env python3
"""Writes the pictures of this folder and what Pillow (9.4) makes of them, as PGM and PPM. They are kept: run it
only to add some."""
import os
import struct
import zlib

from PIL import Image, ImageOps

os.chdir(os.path.dirname(os.path.abspath(__file__)))
W, H = 13, 9


def colours(channels, width=W, height=H):
    """Smooth in one direction and rough in the other."""
    return bytes((x * (7 + 5 * c) + y * y * (3 + c) + 40 * c) % 256
                 for y in range(height) for x in range(width) for c in range(channels))


def keep(name, image):
    image.save(name + (".pgm" if image.mode == "L" else ".ppm"))


def on(image, background):
    ground = Image.new("RGBA", image.size, background)
    return Image.alpha_composite(ground, image.convert("RGBA"))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(bits, kind, rows, extra=b""):
    header = struct.pack(">IIBBBBB", W, H, bits, kind, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra +
            chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))) + chunk(b"IEND", b""))


# 16 bits, scaled linearly: Pillow keeps them, and its conversion to 8 would clip.
deep = [[(x * 5003 + y * 7001) % 65536 for x in range(W)] for y in range(H)]
open("grey16.png", "wb").write(png(16, 0, [b"".join(struct.pack(">H", v) for v in row) for row in deep]))
keep("grey16", Image.frombytes("L", (W, H), bytes((v * 255 + 32767) // 65535 for row in deep for v in row)))

# gAMA says 1.0, and Pillow leaves pixels as they are.
rows = [colours(3)[y * W * 3:(y + 1) * W * 3] for y in range(H)]
open("gamma.png", "wb").write(png(8, 2, rows, chunk(b"gAMA", struct.pack(">I", 100000))))
keep("gamma", Image.open("gamma.png").convert("RGB"))

Image.frombytes("RGBA", (W, H), colours(4)).save("rgba.png")
Image.frombytes("LA", (W, H), colours(2)).save("grey_alpha.png")
palette = Image.frombytes("RGB", (W, H), colours(3)).quantize(8)
palette.save("palette.png", transparency=bytes([255, 0, 128, 255, 64, 255, 200, 255]))
for name in ("rgba", "grey_alpha", "palette"):
    for ground in ("black", "white"):
        done = on(Image.open(name + ".png"), ground)
        keep(f"{name}_{ground}", done.convert("L") if name == "grey_alpha" else done.convert("RGB"))

Image.frombytes("L", (W, H), colours(1)).convert("1").save("onebit.png")
keep("onebit", Image.open("onebit.png").convert("L"))

Image.frombytes("CMYK", (16, 16), colours(4, 16, 16)).save("cmyk.jpg", quality=95)
keep("cmyk", Image.open("cmyk.jpg").convert("RGB"))

photo = Image.frombytes("RGB", (16, 8), colours(3, 16, 8))
for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo.save(f"exif{orientation}.jpg", quality=95, exif=exif)
    keep(f"exif{orientation}", ImageOps.exif_transpose(Image.open(f"exif{orientation}.jpg")))
photo.save("progressive.jpg", quality=90, progressive=True)
keep("progressive", Image.open("progressive.jpg").convert("RGB"))

large = Image.frombytes("RGB", (23, 17), colours(3, 23, 17))
large.save("large.png")
keep("large_9x8", large.resize((9, 8), Image.BILINEAR))
keep("large_40x31", large.resize((40, 31), Image.BILINEAR))
keep("large_grey", large.convert("L"))
