package dev.gpucloud.inventory.faults;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gpucloud.inventory.faults.engine.FaultRule;
import org.jspecify.annotations.Nullable;

/**
 * What a code asks for. Without {@code decidedBy} it is the product's own rule, whose version is 0.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PolicyView(
    int xid, String action, String reason, @Nullable String decidedBy, long version) {

  static PolicyView ours(FaultRule rule) {
    return new PolicyView(rule.xid(), rule.action().name(), rule.reason(), null, 0);
  }
}
