"""The constructor Proxy (ECMA-262 §28.2); the objects it makes are in `proxies`."""

from __future__ import annotations

from refimpl.language.operations import (
    JSObject,
    Value,
    create_builtin_function,
    current_realm,
    intrinsic,
    throw_type_error,
    undefined,
)
from refimpl.language.proxies import CallableProxy, ProxyObject, proxy_create
from refimpl.language.realm import Table

proxy_constructor = Table("%Proxy%")


@proxy_constructor.constructor(length=2, prototype=None)
def construct_proxy(new_target: Value, target: Value, handler: Value) -> Value:
    if new_target is undefined:
        throw_type_error("Constructor Proxy requires 'new'")
    return proxy_create(target, handler, current_realm())


@proxy_constructor.method("revocable", length=2)
def revocable(this: Value, target: Value, handler: Value) -> Value:
    proxy = proxy_create(target, handler, current_realm())
    assert isinstance(proxy, (ProxyObject, CallableProxy))

    def revoke(this: Value) -> Value:
        proxy.target = proxy.handler = None
        return undefined

    result = JSObject(intrinsic("%Object.prototype%"))
    result.props["proxy"] = proxy
    result.props["revoke"] = create_builtin_function(revoke)
    return result


TABLES = (proxy_constructor,)
