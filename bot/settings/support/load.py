"""Read support.yml: the repository's defaults, overlaid by the operator's own file in TECHREF_HOME."""

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.settings.problems import SettingsError, did_you_mean
from bot.settings.support.demo_product import NAME, PRODUCT, without_demo
from bot.settings.support.entry_lists import base_of, expanded, in_order
from bot.settings.support.overlay import overlaid
from bot.settings.support.products import PRODUCTS, common_name, main_product, names_of, values_of
from bot.settings.support.support import Support

DEFAULTS = Path(__file__).resolve().parents[3] / "support.yml"
FILE_NAME = "support.yml"


def load_support(home: Path) -> Support:
    """Return the defaults overlaid by ``home``/support.yml, if there is one, and validated.

    Mappings are merged key by key; lists and values are replaced; an entry set to null is removed. A list in the place
    of a mapping of entries replaces them all. Raises SettingsError with a line for every invalid key.
    """
    own_file = home / FILE_NAME
    own = _read(own_file) if own_file.exists() else {}
    return checked(own, str(own_file) if own else str(DEFAULTS))


def checked(own: dict[str, Any], where: str) -> Support:
    """Return the defaults overlaid by ``own``, with the settings of each product where there are several.

    ``where`` names the file in a SettingsError.
    """
    values = merged(own, where)
    support = _validated(values, where)
    support.take_products(
        main_product(own),
        {
            product_id: _validated(values_of(values, product_id, where), where, product_id)
            for product_id in support.products
        },
    )
    return support


def _validated(values: dict[str, Any], where: str, product_id: str | None = None) -> Support:
    try:
        return Support.model_validate(values)
    except ValidationError as error:
        within = f"{PRODUCTS}.{product_id}." if product_id is not None else ""
        lines = [within + _describe_error(one) for one in error.errors(include_url=False)]
        raise SettingsError(where, lines) from None


def merged(own: dict[str, Any], where: str = FILE_NAME) -> dict[str, Any]:
    """Return the defaults overlaid by ``own`` as plain values. Raises SettingsError for entries without ids."""
    names = names_of(own.get(PRODUCTS))
    shipped_values = without_demo(
        defaults(), {PRODUCT: NAME if NAME in names else common_name(names)} if names else own
    )
    values = in_order(overlaid(base_of(own, shipped_values), expanded(own, shipped_values, where)), own)
    return {**values, PRODUCT: common_name(names)} if names else values


@cache
def defaults() -> dict[str, Any]:
    """Return the product's own support.yml as plain values; do not modify them."""
    return _read(DEFAULTS)


@cache
def shipped() -> Support:
    """Return the product's own settings, which no operator has changed."""
    return Support.model_validate(defaults())


def _read(file: Path) -> dict[str, Any]:
    try:
        return parsed(file.read_text(encoding="utf-8"), str(file))
    except OSError as error:
        raise SettingsError(str(file), [f"The file cannot be read: {error.strerror}."]) from error
    except UnicodeDecodeError as error:
        raise SettingsError(str(file), ["The file is not UTF-8 text; save it as UTF-8."]) from error


def parsed(text: str, where: str) -> dict[str, Any]:
    """Return keys and values of a file's text; raise SettingsError with the line of a YAML error."""
    try:
        read = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise SettingsError(where, [f"{line}this is not YAML: {error.problem or error.context}."]) from error
    except YAMLError as error:
        raise SettingsError(where, ["This is not YAML."]) from error
    if read is None:
        return {}
    if not isinstance(read, dict):
        raise SettingsError(where, ["Write keys and values, such as: company: Example Ltd"])
    return read


# What pydantic calls these means little to whoever wrote the file: https://docs.pydantic.dev/latest/errors/validation_errors/
_IN_WORDS = {
    "string_type": 'write text; what could be a number, a date or yes and no goes into quotes, such as "502"',
    "string_too_short": "this must not be empty",
    "string_too_long": "write at most {max_length} characters",
    "too_short": "write at least {min_length} of them",
    "too_long": "at most {max_length} are possible",
    "dict_type": "write keys and values below it",
    "model_type": "write keys and values below it",
    "tuple_type": "write a list, such as [one, another]",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "int_parsing": "write a whole number",
    "decimal_parsing": "write a number, such as 95.50",
}


def _describe_error(error: ErrorDetails) -> str:
    """Describe one invalid key in a line: its path, the fault, the allowed values."""
    place = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"{place}: there is no such key.{did_you_mean(str(error['loc'][-1]), _keys_beside(error['loc']))}"
    if error["type"] == "missing":
        return f"{place}: this key is missing; write it, or remove what empties it."
    known = _IN_WORDS.get(error["type"])
    message = known.format(**error.get("ctx", {})) if known else error["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def _keys_beside(place: tuple[int | str, ...]) -> list[str]:
    """Return the valid keys beside an unknown one."""
    here: Any = Support
    for part in place[:-1]:
        here = _inner(here, str(part))
    if not (isinstance(here, type) and issubclass(here, BaseModel)):
        return []
    return [field.alias or name for name, field in here.model_fields.items()]


def _inner(model: Any, key: str) -> Any:
    """Return the model of a model's key; a mapping or list of models gives its members' model."""
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return model
    by_key = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
    if key not in by_key:
        return model
    return _model_in(by_key[key])


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = (_model_in(argument) for argument in getattr(annotation, "__args__", ()))
    return next((one for one in inner if one is not None), None)
