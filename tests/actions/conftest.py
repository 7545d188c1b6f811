"""The same real database and customer as the use cases' tests."""

from tests.services.conftest import clock as clock
from tests.services.conftest import ctx as ctx
from tests.services.conftest import customer as customer
from tests.services.conftest import database_url as database_url
from tests.services.conftest import migrated as migrated
