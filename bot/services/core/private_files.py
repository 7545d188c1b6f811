"""Files that only the account running TechRef may read: the database, attachments, mail, logs."""

import errno
import os
import stat
import tempfile
from pathlib import Path

from bot.settings.problems import SettingsError

PRIVATE_UMASK, PRIVATE_FOLDER = 0o077, 0o700
OTHERS = stat.S_IRWXG | stat.S_IRWXO
_NOT_OURS = (errno.EROFS, errno.EACCES, errno.EPERM)


def keep_files_private() -> None:
    """Let every file that this process and its children make be readable by its owner only."""
    os.umask(PRIVATE_UMASK)


def close_folder(folder: Path) -> None:
    """Take the rights of others from a folder of ours; one that another account owns is left for `techref doctor`."""
    if folder.is_dir() and folder.stat().st_uid == os.geteuid() and is_open_to_others(folder):
        folder.chmod(PRIVATE_FOLDER)


def prepare_folder(folder: Path) -> None:
    """Close a folder of ours that is there. Raises SettingsError when nothing can be written into it."""
    if not folder.is_dir():
        return
    try:
        close_folder(folder)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        if error.errno not in _NOT_OURS:
            raise
        problem = f"It cannot be written ({error.strerror}). Give its owner's rights to the account that runs TechRef, "
        raise SettingsError(str(folder), [problem + "or set TECHREF_HOME to another folder."]) from error


def is_open_to_others(path: Path) -> bool:
    """Return whether an account other than the owner may do anything with it."""
    return bool(path.stat().st_mode & OTHERS)
