"""The built-in objects of the guest language, as tables in the order in which they are made.

One module per family; each fills its tables when imported. A prototype stands before what inherits
from it; everything else may refer to anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from refimpl.language.builtins import (
    array,
    array_async,  # noqa: F401 - fills array's table
    array_buffer,
    array_callbacks,  # noqa: F401 - fills array's table
    array_changes,  # noqa: F401 - fills array's table
    array_copies,  # noqa: F401 - fills array's table
    array_iterator,
    bigint,
    data_view,
    date,
    error,
    function,
    generator,
    global_object,
    host_functions,
    iterator,
    iterator_helpers,
    json,
    map,  # noqa: A004 - the module of Map
    math,
    number,
    object,  # noqa: A004 - the module of Object
    promise,
    proxy,
    reflect,
    regexp,
    regexp_symbols,
    set,  # noqa: A004 - the module of Set
    string,
    string_patterns,  # noqa: F401 - fills string's table
    structured_clone,  # noqa: F401 - fills the global object's table
    symbol,
    typed_array,
    typed_array_methods,  # noqa: F401 - fills typed_array's table
    weak_reference,
    web,
)

if TYPE_CHECKING:
    from refimpl.language.realm import Table

TABLES: tuple[Table, ...] = (
    object.object_prototype,
    function.function_prototype,
    object.object_constructor,
    function.function_constructor,
    function.throw_type_error_function,
    *global_object.TABLES,
    *iterator.TABLES,
    *iterator_helpers.TABLES,
    *array.TABLES,
    *array_iterator.TABLES,
    *array_buffer.TABLES,
    *typed_array.TABLES,
    *data_view.TABLES,
    *error.TABLES,
    *symbol.TABLES,
    *number.TABLES,
    *bigint.TABLES,
    *string.TABLES,
    *date.TABLES,
    *regexp.TABLES,
    *regexp_symbols.TABLES,
    *math.TABLES,
    *map.TABLES,
    *set.TABLES,
    *promise.TABLES,
    *generator.TABLES,
    *reflect.TABLES,
    *proxy.TABLES,
    *json.TABLES,
    *weak_reference.TABLES,
    *host_functions.TABLES,
    *web.TABLES,
)
