"""Uploaded pictures made harmless: decoded, turned upright and written anew.

What is written anew holds pixels and nothing else: no place, no camera, no
thumbnail of what was cut away, nothing behind the end of the picture.
"""

from io import BytesIO

from PIL import Image, ImageCms, ImageOps

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
_WRITTEN_AS = {  # what may come in, and as what it is kept
    "JPEG": ("JPEG", "jpg"),
    "PNG": ("PNG", "png"),
    "GIF": ("PNG", "png"),  # the first frame: nothing on a page moves by itself
    "WEBP": ("WEBP", "webp"),
    "AVIF": ("AVIF", "avif"),
}
_QUALITY = 90


class PictureRefused(ValueError):
    """These bytes are no picture that we keep. The message says why and the repair."""


def written_anew(content: bytes) -> tuple[bytes, str]:
    """Return the picture's pixels as a new file, and the ending of its name."""
    if len(content) > MOST_BYTES:
        raise PictureRefused("The file is larger than 10 MB. Make the picture smaller.")
    try:
        return _written(Image.open(BytesIO(content), formats=list(_WRITTEN_AS)))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, PictureRefused):
            raise
        raise PictureRefused(
            "This is no whole JPEG, PNG, WebP, AVIF or GIF picture. Export it again."
        ) from error


def _written(image: Image.Image) -> tuple[bytes, str]:
    if image.width * image.height > MOST_PIXELS:
        raise _too_large()
    kind, ending = _WRITTEN_AS[image.format or ""]
    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    clear = kind != "JPEG" and upright.has_transparency_data
    pixels = _in_srgb(upright.convert("RGBA" if clear else "RGB"), profile)
    bare = Image.new(pixels.mode, pixels.size)  # carries over no metadata whatever the writer does
    bare.paste(pixels)
    out = BytesIO()
    bare.save(out, kind, **({} if kind == "PNG" else {"quality": _QUALITY}))
    return out.getvalue(), ending


def _in_srgb(pixels: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in the colours of the web; its profile does not survive."""
    if not profile:
        return pixels
    try:
        source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(pixels, source, target) or pixels
    except (ImageCms.PyCMSError, OSError):
        return pixels  # a broken profile, or one for another kind of pixels


def _too_large() -> PictureRefused:
    return PictureRefused("The picture has more than 40 million pixels. Make it smaller.")
