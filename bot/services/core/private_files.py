"""Files that only the account running TechRef may read: the database, attachments, mail, logs."""

import os
import stat
from pathlib import Path

PRIVATE_UMASK, PRIVATE_FOLDER = 0o077, 0o700
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def keep_files_private() -> None:
    """Let every file that this process and its children make be readable by its owner only."""
    os.umask(PRIVATE_UMASK)


def close_folder(folder: Path) -> None:
    """Take the rights of others from a folder of ours; one that another account owns is left for `techref doctor`."""
    if folder.is_dir() and folder.stat().st_uid == os.geteuid() and is_open_to_others(folder):
        folder.chmod(PRIVATE_FOLDER)


def is_open_to_others(path: Path) -> bool:
    """Return whether an account other than the owner may do anything with it."""
    return bool(path.stat().st_mode & OTHERS)
