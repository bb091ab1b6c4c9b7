package dev.gpucloud.tenant.access;

import dev.gpucloud.kit.access.Caller;
import dev.gpucloud.kit.access.ScopeCache;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * Forgets who may act where, before a request is answered that has changed something: the next
 * request is decided by what stands in the tables by then.
 */
class ChangesCountAtOnce {
  private final Caller caller;
  private final ScopeCache scopes;

  ChangesCountAtOnce(Caller caller, ScopeCache scopes) {
    this.caller = caller;
    this.scopes = scopes;
  }

  @ServerResponseFilter
  void forget() {
    if (caller.entries() > 0) {
      scopes.forget();
    }
  }
}
