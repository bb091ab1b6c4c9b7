package dev.gpucloud.tenant.engine;

import dev.gpucloud.tenant.engine.TenantLife.Active;
import dev.gpucloud.tenant.engine.TenantLife.Applied;
import dev.gpucloud.tenant.engine.TenantLife.Approved;
import dev.gpucloud.tenant.engine.TenantLife.Closing;
import dev.gpucloud.tenant.engine.TenantLife.Contracted;
import dev.gpucloud.tenant.engine.TenantLife.Suspended;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The moves of a tenant's life by name, for callers who learn the state only when it is read. */
public enum TenantAction {
  APPROVE("approved"),
  REJECT("rejected"),
  WITHDRAW("withdrawn"),
  ACTIVATE("activated"),
  SUSPEND("suspended"),
  RESUME("resumed"),
  CLOSE("closed"),
  FINISH("closed for good");

  private final String participle;

  TenantAction(String participle) {
    this.participle = participle;
  }

  /** Its name in addresses and answers. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a thing is after it, in a sentence. */
  public String participle() {
    return participle;
  }

  /** The state after it, empty when the state does not allow it. */
  public Optional<TenantLife> on(TenantLife life) {
    return Optional.ofNullable(
        switch (this) {
          case APPROVE -> life instanceof Applied s ? s.approve() : null;
          case REJECT -> life instanceof Applied s ? s.reject() : null;
          case WITHDRAW -> life instanceof Applied s ? s.withdraw() : null;
          case ACTIVATE -> life instanceof Approved s ? s.activate() : null;
          case SUSPEND -> life instanceof Active s ? s.suspend() : null;
          case RESUME -> life instanceof Suspended s ? s.resume() : null;
          case CLOSE -> life instanceof Contracted s ? s.close() : null;
          case FINISH -> life instanceof Closing s ? s.finish() : null;
        });
  }

  /** What may be done in this state, as words. */
  public static List<String> allowedOn(TenantLife life) {
    return Stream.of(values())
        .filter(action -> action.on(life).isPresent())
        .map(TenantAction::word)
        .toList();
  }
}
